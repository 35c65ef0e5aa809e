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
		fmt.Sprintf("from %s on %s; a round every %v; load: %s", plain(h.Source), output.Safe(h.Interface), r.Interval, r.LoadName()),
	}
}

// Target returns the target as the user named it, and its address.
func (r *Result) Target() string {
	name, addr := output.Safe(r.Header.Target), plain(r.Header.Address)
	if name == addr.String() || name == "" {
		return addr.String()
	}
	return fmt.Sprintf("%s (%v)", name, addr)
}

// Label returns an address with its name, if it has one.
func (r *Result) Label(addr netip.Addr) string {
	if name := r.Name(addr); name != "" {
		return fmt.Sprintf("%s (%v)", name, plain(addr))
	}
	return plain(addr).String()
}

func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

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
		text = append(text, count(h.Duplicates, "duplicate"))
	}
	return strings.Join(text, ", ")
}

// Outcome says how the measurement ended, in one line.
func (r *Result) Outcome() string {
	text := fmt.Sprintf("%d of %s in %s", r.Rounds, count(r.Count, "round"), output.Duration(r.Elapsed))
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
	c, y := r.Counters, r.Tally
	for _, note := range r.Header.Notes {
		lines = append(lines, output.Safe(note))
	}
	for _, m := range []struct {
		n    int
		what string
		text string
	}{
		{int(c.Overflow), "answer", "lost because the ring buffer was full"},
		{int(c.ImpossibleStamps), "driver or receive stamp", "dropped as impossible; the next best was taken"},
		{int(c.Malformed), "answer", "too short or too broken to match"},
		{int(c.Unmatched), "answer", "to packets that this run never sent"},
		{int(c.Duplicates), "answer", "to probes answered before"},
		{y.Late, "answer", "after the probe had been given up"},
		{y.Rewritten, "answer", "with a quote that an address translator changed"},
		{y.Unidentified, "UDP answer", "that named no probe"},
		{y.Stray, "answer", "to a probe of an earlier round, or none"},
		{y.Impossible, "sample", "dropped, stamped as answered before the probe was sent"},
		{y.Unparsed, "answer", "matched but not understood"},
	} {
		if m.n > 0 {
			lines = append(lines, count(m.n, m.what)+" "+m.text)
		}
	}
	return append(lines, r.impossible()...)
}

// impossible tells of the sources whose stamps contradicted themselves.
func (r *Result) impossible() (lines []string) {
	for _, s := range r.Path.Total.Sources.All() {
		if n := s.RTT.Negative(); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %s left out: the answer is stamped before the probe", count(int(n), "sample"), s.Timing.Name))
		}
		if n := s.RTT.Over(); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %s above %v", count(int(n), "sample"), s.Timing.Name, stats.Highest))
		}
	}
	return lines
}

// count writes a number and its noun, which takes an s where it isn't 1.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
