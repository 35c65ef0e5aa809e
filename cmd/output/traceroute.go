package output

import (
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// traceroute writes what traceroute(8) of Linux (2.1) does, byte by byte, so that
// programs which read that can read this.
type traceroute struct {
	lines
	header  Header
	printed map[int]bool // by TTL
}

func newTraceroute(w io.Writer) Writer {
	return &traceroute{lines: lines{w: w}, printed: make(map[int]bool)}
}

func (t *traceroute) Start(h Header) error {
	t.header = h
	t.print("traceroute to %s (%s), %d hops max, %d byte packets", Safe(h.Target), Plain(h.Address), h.MaxTTL, h.Size)
	return t.err
}

func (t *traceroute) Hop(h tracer.Hop) error {
	t.printed[h.TTL] = true
	t.print("%s", t.line(h))
	return t.err
}

// End writes the hops that never completed. Errors have no place here.
func (t *traceroute) End(trace *tracer.Trace, _ error) error {
	for _, h := range hopsLeft(trace, t.printed) {
		t.print("%s", t.line(h))
	}
	return t.err
}

// line names whoever answers when it is another one than before (print_probe).
func (t *traceroute) line(h tracer.Hop) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%2d ", h.TTL)
	var who netip.Addr
	for _, p := range h.Probes {
		if !p.State.Heard() || p.Timing.Name == "" {
			b.WriteString(" *")
			continue
		}
		if p.Answer.From != who {
			who = p.Answer.From
			fmt.Fprintf(&b, " %s", t.who(who))
		}
		fmt.Fprintf(&b, "  %.3f ms%s", milliseconds(p.RTT), oldMark(p))
	}
	return b.String()
}

// who has the address twice where there is no name, and once if none was looked up.
func (t *traceroute) who(addr netip.Addr) string {
	plain := Plain(addr).String()
	if t.header.Names == nil {
		return plain + t.network(addr)
	}
	name := t.header.name(addr, tableName)
	if name == "" {
		name = plain
	}
	return fmt.Sprintf("%s (%s)%s", name, plain, t.network(addr))
}

// network is what -A asks for; traceroute(8) writes a star for an address of none.
func (t *traceroute) network(addr netip.Addr) string {
	if t.header.Origins == nil {
		return ""
	}
	return " [" + cmp.Or(Systems(t.header.origin(addr)), "*") + "]"
}

// oldMark is the mark behind a time. A closed port has none, whatever was sent to it.
func oldMark(p tracer.Probe) string {
	m := explain(p.Answer)
	if m.mark == "" || p.Answer.PortUnreachable() {
		return ""
	}
	return " " + m.mark
}
