package live

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// key is what a key does.
type key struct {
	names []string // as the library calls them
	shown string   // what users know them by
	short string   // for the last line of the screen; empty: not there
	help  string
	do    func(m *model) tea.Cmd
}

// keys are listed in the order of the help. It is filled in by init, since the help
// that a key shows lists the keys.
var keys []key

func init() {
	keys = []key{
		{[]string{"q", "ctrl+c"}, "q", "quit", "quit (Ctrl-C too)", func(*model) tea.Cmd { return tea.Quit }},
		{[]string{"space", "p"}, "space", "pause", "pause and go on (p too)", (*model).pause},
		{[]string{"r"}, "r", "reset", "forget all and begin anew", (*model).reset},
		{[]string{"u"}, "u", "", "measure with UDP", protocol("udp")},
		{[]string{"i"}, "i", "", "measure with ICMP echo", protocol("icmp")},
		{[]string{"t"}, "t", "", "measure with TCP SYNs", protocol("tcp")},
		{[]string{"d", "enter"}, "d", "detail", "histogram, delay and changes of the chosen hop (Enter too)", (*model).toggleDetail},
		{[]string{"up", "k"}, "up", "", "choose the hop above (k too)", move(-1)},
		{[]string{"down", "j"}, "down", "", "choose the hop below (j too)", move(1)},
		{[]string{"n"}, "n", "names", "names of addresses, or not", (*model).toggleNames},
		{[]string{"o", "c"}, "o", "columns", "choose the columns", show(columnPane)},
		{[]string{"?", "h", "f1"}, "?", "help", "this page (h too)", show(helpPane)},
		{[]string{"esc"}, "esc", "", "back to the table, no hop chosen", (*model).back},
		{[]string{"ctrl+l"}, "Ctrl-L", "", "draw the screen anew", func(*model) tea.Cmd { return tea.ClearScreen }},
		{[]string{"ctrl+z"}, "Ctrl-Z", "", "suspend; fg goes on", func(*model) tea.Cmd { return tea.Suspend }},
	}
}

// press does what a key does.
func (m *model) press(name string) tea.Cmd {
	switch {
	case m.pane == columnPane && m.pick(name), m.pane == helpPane && m.leaf(name):
		return nil
	}
	for _, k := range keys {
		if slices.Contains(k.names, name) {
			return k.do(m)
		}
	}
	return nil
}
