package live

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
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
	for len(lines) < m.height-2 {
		lines = append(lines, "")
	}
	lines = append(lines[:max(m.height-2, 0)], m.status(), m.keyLine())
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], m.width, "")
	}
	return lines[max(len(lines)-m.height, 0):]
}

// title says what is measured, and how. The less room there is, the less.
func (m *model) title() []string {
	right := m.progress()
	room := m.width - widthOf(right) - 1
	left := m.subject(room)
	lines := []string{left + blank(m.width-widthOf(left)-widthOf(right)) + right}
	if m.titleLines() > 1 {
		lines = append(lines, faint.Styled(m.glyphs.shorten(m.conditions(), m.width)))
	}
	return lines
}

// subject says what is measured, in the most words that there is room for.
func (m *model) subject(room int) string {
	h := m.header()
	target, name := output.TargetText(h), output.Safe(h.Target)
	for _, text := range []string{
		bold.Styled("ebpftrace live") + "  " + target + "  " + accent.Styled(output.ProtocolText(h)),
		target + "  " + accent.Styled(output.ProtocolText(h)),
		name + "  " + accent.Styled(output.ProtocolText(h)),
		name + "  " + accent.Styled(h.Protocol),
	} {
		if widthOf(text) <= room {
			return text
		}
	}
	return m.glyphs.shorten(name, max(room, 0))
}

func (m *model) titleLines() int {
	if m.height >= 12 {
		return 2
	}
	return 1
}

// progress says how many rounds there were.
func (m *model) progress() string {
	text := fmt.Sprintf("round %d", m.record().Rounds)
	if m.cfg.Count > 0 {
		text += fmt.Sprintf(" of %d", m.cfg.Count)
	}
	if m.paused {
		return text + " " + reversed.Styled(" PAUSED ")
	}
	return text
}

// conditions says in what unit times are, where they are taken, and how often.
func (m *model) conditions() string {
	h := m.header()
	u := fit(typical(tableRows(m.record())))
	return fmt.Sprintf("times in %s by %s; every %v; from %s", u.name, output.TimedByText(h), m.cfg.Interval, output.FromText(h))
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
		return m.scrolled(t.lines(), room)
	}
	tall := m.tableRoom(len(t.rows))
	return append(m.scrolled(t.lines(), tall), m.details(t.rows[m.chosen], room-tall)...)
}

// room is the height between title and status.
func (m *model) room() int { return m.height - m.titleLines() - 2 }

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

// status is the line above the keys: the most urgent of what there is to say.
func (m *model) status() string {
	r := m.record()
	switch fault := m.faults[m.way]; {
	case m.message != "":
		return warn.Styled(m.glyphs.shorten(m.message, m.width))
	case fault != nil:
		return bad.Styled(m.glyphs.shorten("failing, and tried again: "+output.Safe(fault.Error()), m.width))
	case m.over():
		return good.Styled("all rounds made") + " " + m.outcome(r)
	case len(r.Changes) > 0:
		return warn.Styled(m.glyphs.change) + " " + changeText(m.glyphs, r.Changes[len(r.Changes)-1]) + faint.Styled(more(r))
	}
	return m.outcome(r)
}

func more(r *rounds.Record) string {
	if r.Changed < 2 {
		return ""
	}
	return fmt.Sprintf("  (%d changes)", r.Changed)
}

// outcome says whether the target answers.
func (m *model) outcome(r *rounds.Record) string {
	switch {
	case r.Rounds == 0:
		return ""
	case r.Reached:
		return good.Styled("reached") + " in " + output.Count(r.Length, "hop")
	case r.Ever:
		return warn.Styled("the target did not answer the latest round")
	}
	return warn.Styled("the target has not answered")
}

// changeText tells a change of the path, with its time.
func changeText(g glyphs, c rounds.Change) string {
	at := c.At.Format("15:04:05")
	if c.TTL == 0 {
		return fmt.Sprintf("%s %s %s %s", at, output.Count(c.Was, "hop"), g.arrow, output.Count(c.Is, "hop"))
	}
	return fmt.Sprintf("%s hop %d: %v %s %v", at, c.TTL, output.Plain(c.From), g.arrow, output.Plain(c.To))
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
			all = append(all, [2]string{"u i t", "protocol"})
		}
	}
	return all
}
