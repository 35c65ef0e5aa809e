package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// mtuTable writes lines for people: those of a trace, with the MTU where it is first
// known and where it drops, and why it does in between.
type mtuTable struct {
	*table
	shown int // the MTU written last
}

func (t *mtuTable) Start(h Header) error {
	t.header, t.width = h, h.Width
	t.reserved = len("  MTU 65535")
	t.protocol, _ = probe.ByName(h.Protocol)
	t.say(h.Width, headingOf(h, "packets of up to "+Count(h.Size, "byte"))...)
	return t.err
}

func (t *mtuTable) Hop(h pmtu.Hop) error {
	t.printed[h.TTL] = h.Hop
	line := t.line(h.Hop)
	if h.MTU != 0 && h.MTU != t.shown {
		line += fmt.Sprintf("  MTU %d", h.MTU)
		t.shown = h.MTU
	}
	t.print("%s", line)
	if t.header.Stamps {
		t.say(t.header.Width, stampLines(h.Hop)...)
	}
	return t.err
}

func (t *mtuTable) Drop(d pmtu.Drop) error {
	t.say(t.header.Width, "    "+drop(d))
	return t.err
}

func (t *mtuTable) End(r *pmtu.Result, err error) error {
	if r == nil {
		t.print("%s", failure("failed before the first probe", err))
		return t.err
	}
	said := SayMTU(r, err)
	t.say(t.header.Width, said.Outcome)
	t.say(t.header.Width, said.Remarks...)
	return t.err
}

// traceOf is a discovery as if it were a trace.
func traceOf(r *pmtu.Result) *tracer.Trace {
	t := &tracer.Trace{Stop: r.Stop, Elapsed: r.Elapsed}
	for _, h := range r.Hops {
		t.Hops = append(t.Hops, h.Hop)
	}
	return t
}

// pathMTU says what gets through, how far, and which hops take it down to that.
func pathMTU(r *pmtu.Result) string {
	if r.PathMTU == 0 {
		return "path MTU unknown"
	}
	s := fmt.Sprintf("path MTU %s", Count(r.PathMTU, "byte"))
	if last := len(r.Drops) - 1; last >= 0 && !r.Drops[last].Exact() && r.Drops[last].MTU == r.PathMTU {
		s = fmt.Sprintf("path MTU at least %s and less than %d", Count(r.PathMTU, "byte"), r.Drops[last].Fails)
	}
	if !r.Reached() {
		s += fmt.Sprintf(" up to hop %d", lastHeard(r))
	}
	var drops []string
	for _, d := range r.Drops {
		mtu := "less" // a message that does not tell, and nobody behind
		if d.MTU > 0 {
			mtu = fmt.Sprint(d.MTU)
		}
		drops = append(drops, dropPlace(d)+": "+mtu)
	}
	if len(drops) > 0 {
		s += fmt.Sprintf(" (%s)", strings.Join(drops, ", "))
	}
	return s
}

func lastHeard(r *pmtu.Result) (ttl int) {
	for _, h := range r.Hops {
		if h.MTU > 0 {
			ttl = h.TTL
		}
	}
	return ttl
}
