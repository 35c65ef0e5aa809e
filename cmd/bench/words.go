package bench

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Heading says what was measured, in lines.
func (r *Result) Heading() []string {
	h := r.Header
	protocol := h.Protocol
	if h.Port != 0 {
		protocol += fmt.Sprintf(" port %d", h.Port)
	}
	return []string{
		fmt.Sprintf("bench of %s, %s, %d byte packets", r.Target(), protocol, h.Size),
		fmt.Sprintf("from %s on %s; a round every %v; load: %s", output.Plain(h.Source), output.Safe(h.Interface), r.Interval, r.LoadName()),
	}
}

// Target returns the target as the user named it, and its address.
func (r *Result) Target() string {
	name, addr := output.Safe(r.Header.Target), output.Plain(r.Header.Address)
	if name == addr.String() || name == "" {
		return addr.String()
	}
	return fmt.Sprintf("%s (%v)", name, addr)
}

// Label returns an address with its name, if it has one.
func (r *Result) Label(addr netip.Addr) string {
	if name := r.Name(addr); name != "" {
		return fmt.Sprintf("%s (%v)", name, output.Plain(addr))
	}
	return output.Plain(addr).String()
}

// Fate says what became of the probes of a hop.
func Fate(h *stats.Hop) string {
	text := []string{fmt.Sprintf("%d sent", h.Sent()), fmt.Sprintf("%d answered", h.Answered())}
	for _, s := range []struct {
		state tracer.State
		words string
	}{
		{tracer.Lost, "lost"}, {tracer.Late, "of them late"}, {tracer.Unreachable, "of them with unreachable"},
		{tracer.Sent, "still awaited"}, {tracer.NotSent, "refused by this host"},
	} {
		if n := h.Probes[s.state]; n > 0 {
			text = append(text, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	if h.Duplicates > 0 {
		text = append(text, output.Count(h.Duplicates, "duplicate"))
	}
	return strings.Join(text, ", ")
}

// Outcome says how the measurement ended, in one line.
func (r *Result) Outcome() string {
	text := fmt.Sprintf("%d of %s in %s", r.Rounds, output.Count(r.Count, "round"), output.Duration(r.Elapsed))
	if r.Interrupted {
		text += ", interrupted"
	}
	if r.Learned != tracer.StopReached && !r.Interrupted {
		text += "; the target did not answer (" + strings.ReplaceAll(r.Learned.String(), "_", " ") + ")"
	}
	return text
}

// Remarks returns a line for each stamp that this host does not take, and for
// each thing that was counted and should not have been, the trace that learned
// the path included.
func (r *Result) Remarks() (lines []string) {
	for _, note := range r.Header.Notes {
		lines = append(lines, output.Safe(note))
	}
	lines = append(lines, output.Remarks(r.Counters, r.Tally)...)
	return append(lines, r.impossible()...)
}

// impossible tells of the sources whose stamps contradicted themselves.
func (r *Result) impossible() (lines []string) {
	for _, s := range r.Path.Total.Sources.All() {
		if n := s.RTT.Negative(); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %s left out: the answer is stamped before the probe", output.Count(n, "sample"), s.Timing.Name))
		}
		if n := s.RTT.Over(); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %s above %v", output.Count(n, "sample"), s.Timing.Name, stats.Highest))
		}
	}
	return lines
}
