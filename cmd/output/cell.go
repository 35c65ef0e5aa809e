package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// cell writes the first of probes, and says how many of them the text covers:
// equal refusals in a row are told once.
func (t *table) cell(probes []tracer.Probe, width int) (string, int) {
	p := probes[0]
	switch p.State {
	case tracer.NotSent:
		return refusal(probes)
	case tracer.Sent:
		return fmt.Sprintf("%*s", width, "pending"), 1
	case tracer.Lost:
		return t.header.paint(red, fmt.Sprintf("%*s", width, "*")), 1
	}
	cell := t.header.paint(t.mark(p), fmt.Sprintf("%*s", width, rtt(p)))
	for _, s := range t.suffixes(p) {
		cell += " " + s
	}
	return cell, 1
}

func refusal(probes []tracer.Probe) (string, int) {
	n := 1
	for n < len(probes) && probes[n].State == tracer.NotSent &&
		fmt.Sprint(probes[n].Err) == fmt.Sprint(probes[0].Err) {
		n++
	}
	text := failure("not sent", probes[0].Err)
	if n > 1 {
		text += fmt.Sprintf(" (%d times)", n)
	}
	return text, n
}

// rtt writes the time, or that an answer came which no pair of stamps times.
func rtt(p tracer.Probe) string {
	if p.Timing.Name == "" {
		return "untimed"
	}
	return Duration(p.RTT)
}

// suffixes says what else there is to know about an answer.
func (t *table) suffixes(p tracer.Probe) (s []string) {
	if p.Timing.Name != "" && p.Timing.Name != t.header.Timing {
		s = append(s, "("+p.Timing.Name+")")
	}
	if m := explain(p.Answer); m.mark != "" && !t.expected(p) {
		s = append(s, m.mark)
	}
	if p.State == tracer.Late {
		s = append(s, "late")
	}
	if p.Duplicates > 0 {
		s = append(s, fmt.Sprintf("+%d dup", p.Duplicates))
	}
	return s
}

// expected reports an answer that is the normal end of a path, as a UDP port
// unreachable is.
func (t *table) expected(p tracer.Probe) bool {
	return t.protocol != nil && t.protocol.Arrived(p.Answer)
}
