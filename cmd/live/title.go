package live

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

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
	by := output.TimedByText(h)
	if len(h.Notes) > 0 {
		by += ", why: ?" // the help tells
	}
	return fmt.Sprintf("times in %s by %s; %s; from %s", u.name, by, m.paces[m.way].text(m.cfg.Interval), output.FromText(h))
}
