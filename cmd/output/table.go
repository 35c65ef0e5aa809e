package output

import (
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// table writes lines for people, much like traceroute(8).
type table struct {
	lines
	header   Header
	protocol probe.Protocol     // nil if the protocol is unknown
	printed  map[int]tracer.Hop // by TTL
	held     []tracer.Hop       // silent ones, see release
	best     time.Duration      // of the last hop that answered
	jump     bool               // it is much above the one before
	reserved int                // columns behind a hop's cells for what else there is to say
}

func newTable(w io.Writer) Writer {
	return &table{lines: lines{w: w}, printed: make(map[int]tracer.Hop)}
}

func (t *table) Start(h Header) error {
	t.header, t.width = h, h.Width
	t.protocol, _ = probe.ByName(h.Protocol) // unknown: every error gets its mark
	t.say(t.header.Width, heading(h)...)
	return t.err
}

func (t *table) Hop(h tracer.Hop) error {
	t.printed[h.TTL] = h
	if mute(h) {
		t.hold(h)
		return t.err
	}
	t.release()
	t.hop(h)
	return t.err
}

func (t *table) End(trace *tracer.Trace, err error) error {
	if trace == nil {
		t.say(t.header.Width, failure("failed before the first probe", err))
		return t.err
	}
	t.release()
	t.rest(trace.Hops)
	t.say(t.header.Width, findings(t.header, trace)...)
	t.say(t.header.Width, outcome(trace, err))
	t.say(t.header.Width, Remarks(trace.Counters, trace.Tally)...)
	return t.err
}

// rest prints the hops that never completed, and again those that were answered
// after they had been printed.
func (t *table) rest(hops []tracer.Hop) {
	var late []tracer.Hop
	for _, h := range hops {
		before, ok := t.printed[h.TTL]
		switch {
		case !ok && mute(h):
			t.hold(h)
		case !ok:
			t.release()
			t.hop(h)
		case lates(h) > lates(before):
			late = append(late, h)
		}
	}
	t.release()
	if len(late) > 0 {
		t.print("answered after they were printed:")
	}
	for _, h := range late {
		t.print("%s", t.line(h))
	}
}

// hop prints a hop, and where the time of its probes went if that is wanted.
func (t *table) hop(h tracer.Hop) {
	if t.crowded(h) {
		t.print("%s", t.summed(h))
	} else {
		t.print("%s", t.line(h))
	}
	t.say(t.header.Width, extensionLines(h)...)
	if t.header.Stamps {
		t.say(t.header.Width, stampLines(h)...)
	}
}

func lates(h tracer.Hop) (n int) {
	for _, p := range h.Probes {
		if p.State == tracer.Late {
			n++
		}
	}
	return n
}
