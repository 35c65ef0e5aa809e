package live

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// View implements tea.Model.
func (m *model) View() tea.View {
	v := tea.NewView(strings.Join(m.screen(), "\n"))
	v.AltScreen = true
	return v
}

// screen returns the lines of the screen, as many as there are at most and none wider
// than it is.
func (m *model) screen() []string {
	if m.width <= 0 || m.height <= 0 {
		return nil
	}
	lines := append(m.title(), m.body(m.room())...)
	status := m.status()
	above := max(m.height-len(status)-1, 0)
	for len(lines) < above {
		lines = append(lines, "")
	}
	lines = append(append(lines[:above], status...), m.keyLine())
	for i := range lines {
		lines[i] = ansi.Truncate(m.shownAs(lines[i]), m.width, "")
	}
	return lines[max(len(lines)-m.height, 0):]
}

// shownAs is a line as the terminal can show it.
func (m *model) shownAs(line string) string {
	if !m.cfg.Plain {
		return line
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'µ':
			return 'u'
		case r > '~':
			return '?'
		}
		return r
	}, line)
}

// body is what is between title and status.
func (m *model) body(room int) []string {
	switch m.pane {
	case helpPane:
		return m.help(room)
	case columnPane:
		return m.columnList(room)
	}
	t := m.table(m.width)
	if len(t.rows) == 0 {
		return []string{"", m.waiting()}
	}
	if !m.detailed(len(t.rows)) {
		lines := m.scrolled(t.lines(), room)
		return append(lines, m.changes(room-len(lines))...)
	}
	tall := m.tableRoom(len(t.rows))
	return append(m.scrolled(t.lines(), tall), m.details(t.rows[m.chosen], room-tall)...)
}

// changes lists those of the path, the latest first, if more than one have room: the
// status tells of one.
func (m *model) changes(room int) []string {
	all := m.record().Changes
	if len(all) < 2 || room < 4 {
		return nil
	}
	lines := []string{"", bold.Styled("Path changes")}
	for _, c := range slices.Backward(all) {
		lines = append(lines, "  "+warn.Styled(m.glyphs.change)+" "+changeText(m.glyphs, c))
	}
	return lines[:min(len(lines), room)]
}

// room is the height between title and status.
func (m *model) room() int { return m.height - m.titleLines() - len(m.status()) - 1 }

// detailed reports whether the detail of a row is shown.
func (m *model) detailed(rows int) bool { return m.detail && m.chosen >= 0 && m.chosen < rows }

// tableRoom is the height of a table of so many rows, heading included: half of what
// there is is the detail's, more if the table does not need it.
func (m *model) tableRoom(rows int) int {
	room := m.room()
	if !m.detailed(rows) {
		return room
	}
	return min(rows+1, max(room/2, 3))
}

// waiting says why there is no hop yet.
func (m *model) waiting() string {
	if m.record().Rounds > 0 {
		return "no hop has answered so far"
	}
	return "waiting for the first round"
}

// scrolled cuts the table to the room there is.
func (m *model) scrolled(lines []string, room int) []string {
	rows := lines[1:]
	top := min(m.top, len(rows))
	return append([]string{lines[0]}, rows[top:min(top+max(room-1, 1), len(rows))]...)
}

// keyLine names the keys that fit.
func (m *model) keyLine() string {
	var b strings.Builder
	used := 0
	for _, k := range m.shortKeys() {
		w := widthOf(k[0]) + 1 + widthOf(k[1]) + 2
		if used+w-2 > m.width {
			break
		}
		b.WriteString(bold.Styled(k[0]) + " " + faint.Styled(k[1]) + "  ")
		used += w
	}
	return b.String()
}

// shortKeys are the keys with what they do, in one or two words.
func (m *model) shortKeys() (all [][2]string) {
	all = append(all, [2]string{"?", "help"})
	for _, k := range keys {
		if k.short != "" && k.shown != "?" {
			all = append(all, [2]string{k.shown, k.short})
		}
		if k.shown == "t" {
			all = append(all, [2]string{"u i t", "protocol"}, [2]string{m.glyphs.upDown, "hop"})
		}
	}
	return all
}
