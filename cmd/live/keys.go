package live

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
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

func (m *model) pause() tea.Cmd {
	m.paused = !m.paused
	m.order(wish{m.way, m.paused})
	return nil
}

func (m *model) reset() tea.Cmd {
	m.records[m.way], m.verdicts[m.way] = &rounds.Record{Keep: keep}, nil
	m.chosen, m.top = -1, 0
	m.order(wish{m.way, m.paused})
	return nil
}

// protocol returns what changes to a protocol. Each has a record of its own, since
// routers may treat them differently; to come back is to go on with it.
func protocol(name string) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		for i, w := range m.cfg.Ways {
			if w.Header.Protocol != name {
				continue
			}
			if w.Err != nil {
				m.message = fmt.Sprintf("no %s: %s", name, output.Safe(w.Err.Error()))
				return nil
			}
			if i != m.way {
				m.way, m.chosen, m.top = i, -1, 0
				m.order(wish{m.way, m.paused})
			}
			return nil
		}
		m.message = fmt.Sprintf("no %s here", name)
		return nil
	}
}

func (m *model) toggleDetail() tea.Cmd {
	m.detail = !m.detail
	if n := len(tableRows(m.record())); m.detail && m.chosen < 0 && n > 0 {
		m.chosen = n - 1
	}
	return nil
}

func (m *model) toggleNames() tea.Cmd {
	m.names = !m.names
	if m.header().Names == nil {
		m.names, m.message = false, "no names here"
	}
	return nil
}

// move returns what chooses another row. The first key press chooses the first hop,
// or the target.
func move(by int) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		n := len(tableRows(m.record()))
		if m.chosen < 0 && by < 0 {
			m.chosen = n
		}
		m.chosen = min(max(m.chosen+by, 0), n-1)
		return nil
	}
}

func show(p pane) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		if m.pane == p {
			m.pane = noPane
		} else {
			m.pane = p
		}
		return nil
	}
}

func (m *model) back() tea.Cmd {
	if m.pane == noPane {
		m.chosen, m.detail, m.top = -1, false, 0
	}
	m.pane = noPane
	return nil
}

// pick takes the keys of the column pane.
func (m *model) pick(name string) bool {
	switch name {
	case "up", "k":
		m.picked = max(m.picked-1, 0)
	case "down", "j":
		m.picked = min(m.picked+1, len(m.choice())-1)
	case "space", "enter", "x":
		c := m.choice()[m.picked].name
		if i := slices.Index(m.hidden, c); i >= 0 {
			m.hidden = slices.Delete(m.hidden, i, i+1)
		} else {
			m.hidden = append(m.hidden, c)
		}
	default:
		return false
	}
	return true
}
