package live

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// help explains keys, columns and marks, as much of them as there is room for.
func (m *model) help(room int) []string {
	lines := m.helpText()
	lines = lines[min(m.helpTop, max(len(lines)-room, 0)):]
	if len(lines) > room && room > 0 {
		lines = append(lines[:room-1], faint.Styled("  more: down"))
	}
	return lines
}

func (m *model) helpText() []string {
	lines := []string{"", bold.Styled("Keys")}
	for _, k := range keys {
		lines = append(lines, fmt.Sprintf("  %-7s %s", k.shown, k.help))
	}
	legend := []string{"", bold.Styled("Columns and marks")}
	for _, c := range m.choice() {
		legend = append(legend, fmt.Sprintf("  %-8s %s", c.name, c.help))
	}
	if m.cfg.Verdicts != nil {
		legend = append(legend, verdictHelp...)
	}
	legend = append(legend, fmt.Sprintf("  %-8s %s", m.glyphs.change, "another address answers here than before"))
	if m.width >= 2*leftHelp {
		lines = beside(lines, legend, leftHelp)
	} else {
		lines = append(lines, legend...)
	}
	return append(lines, m.notes()...)
}

// verdictHelp explains the words of verdicts.
var verdictHelp = []string{
	"             loss     packets get lost from this hop on",
	"             answers  the hop's answers alone are missing",
	"             limits   the hop limits its ICMP",
	"             silent   it never answers, hops beyond do",
	"             local    dropped by this host",
	"             unclear  nothing beyond tells",
}

// notes say why no nearer stamps are taken, and what was counted beside the hops.
func (m *model) notes() []string {
	var all []string
	for _, note := range m.header().Notes {
		all = append(all, output.Safe(note))
	}
	all = append(all, output.Remarks(m.record().Counters, m.record().Tally)...)
	if len(all) == 0 {
		return nil
	}
	lines := []string{"", bold.Styled("Notes")}
	for _, note := range all {
		for _, line := range strings.Split(ansi.Wrap(note, max(m.width-2, 1), ""), "\n") {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// leaf takes the keys that move through the help.
func (m *model) leaf(name string) bool {
	switch name {
	case "up", "k":
		m.helpTop = max(m.helpTop-1, 0)
	case "down", "j":
		m.helpTop = min(m.helpTop+1, max(len(m.helpText())-m.room(), 0))
	default:
		return false
	}
	return true
}

const leftHelp = 66

// beside puts two blocks of lines next to each other.
func beside(left, right []string, at int) []string {
	var lines []string
	for i := range max(len(left), len(right)) {
		line := ""
		if i < len(left) {
			line = left[i]
		}
		if i < len(right) {
			line += blank(at-widthOf(line)) + right[i]
		}
		lines = append(lines, line)
	}
	return lines
}

// choice is the columns that there are.
func (m *model) choice() (all []column) {
	for _, c := range columns {
		if told(c, m.header().Origins, m.cfg.Verdicts != nil) {
			all = append(all, c)
		}
	}
	return all
}

// columnList lists the columns to choose from.
func (m *model) columnList(room int) []string {
	lines := []string{"", bold.Styled("Columns") + faint.Styled("  up, down and space choose; o goes back")}
	for i, c := range m.choice() {
		box := "[x]"
		if slices.Contains(m.hidden, c.name) {
			box = "[ ]"
		}
		line := fmt.Sprintf("%s %-8s", box, c.name)
		if i == m.picked {
			line = reversed.Styled(m.glyphs.chosen + line)
		} else {
			line = " " + line
		}
		lines = append(lines, line+"  "+faint.Styled(c.help))
	}
	lines = append(lines, "", faint.Styled("Narrow terminals show the most important of them."))
	from := max(0, min(m.picked+3-max(room, 1), len(lines)-max(room, 1)))
	return lines[from:min(len(lines), from+max(room, 0))]
}
