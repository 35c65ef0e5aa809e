package live

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// mostStatus is how many lines the status takes at most, and no more than a quarter
// of the screen.
const mostStatus = 4

// status is what stands above the keys: the most urgent of what there is to say.
func (m *model) status() []string {
	text := m.urgent()
	if text == "" {
		text = m.outcome(m.record())
		if all := m.record().Changes; len(all) > 0 {
			text += "  " + warn.Styled(m.glyphs.change) + " " + changeText(m.glyphs, all[len(all)-1]) + faint.Styled(more(m.record()))
		}
	}
	if held := m.queued(); held != "" {
		text += "  " + held
	}
	if m.lack != nil {
		text = bad.Styled(output.Safe(m.lack.Error())) + "  " + text
	}
	lines := strings.Split(ansi.Wrap(text, max(m.width, 1), ""), "\n")
	return lines[:min(len(lines), mostStatus, max(m.height/4, 1))]
}

// urgent is what goes before how the rounds go: an answer to a key, a failure, the end.
func (m *model) urgent() string {
	switch fault := m.faults[m.way]; {
	case m.message != "":
		return warn.Styled(m.message)
	case fault != nil:
		return bad.Styled("failing, and tried again: " + output.Safe(fault.Error()))
	case m.over():
		return good.Styled("all rounds made") + " " + m.outcome(m.record())
	}
	return ""
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
	case r.Refused != nil:
		return warn.Styled("not reached: " + output.Refusal(*r.Refused))
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
