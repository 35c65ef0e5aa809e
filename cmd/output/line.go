package output

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/tracer"
)

const (
	// tableName is the longest name in the table, in characters.
	tableName = 72
	// Widths that hold most names with their addresses, every address, and
	// every time.
	namedWidth, width4, width6 = 40, 15, 39
	timeWidth                  = 9
)

// line writes a hop: its TTL, who answered, and a cell for each probe. Whoever
// answers a later probe instead is named in front of it.
func (t *table) line(h tracer.Hop) string {
	var b strings.Builder
	t.compare(h)
	fmt.Fprintf(&b, "%*d", ttlWidth(t.header), h.TTL)
	who := firstSource(h)
	width := 0
	if who.IsValid() {
		fmt.Fprintf(&b, "  %s", t.padded(who, len(h.Probes)))
		width = timeWidth
	}
	for i := 0; i < len(h.Probes); {
		p := h.Probes[i]
		if p.State.Heard() && p.Answer.From != who {
			who, width = p.Answer.From, 0
			fmt.Fprintf(&b, "  %s", t.header.responder(who))
		}
		cell, n := t.cell(h.Probes[i:], width)
		fmt.Fprintf(&b, "  %s", cell)
		i += n
	}
	return b.String()
}

func firstSource(h tracer.Hop) netip.Addr {
	for _, p := range h.Probes {
		if p.State.Heard() {
			return p.Answer.From
		}
	}
	return netip.Addr{}
}

// padded is who answered, in a column as wide as the terminal has room for beside the
// times.
func (t *table) padded(addr netip.Addr, probes int) string {
	width := t.whoWidth()
	if t.header.Width > 0 {
		room := t.header.Width - ttlWidth(t.header) - 2 - probes*(timeWidth+2)
		width = min(width, max(room, len(Plain(addr).String())))
	}
	who := t.header.responderIn(addr, width)
	return t.header.painted(addr, who) + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(who)))
}

// ttlWidth is the width of the column of TTLs.
func ttlWidth(h Header) int { return len(fmt.Sprint(h.MaxTTL)) }

// responder is the name, address and network of a source, as far as they are known.
func (h Header) responder(addr netip.Addr) string { return h.responderIn(addr, noLimit) }

// noLimit is more characters than there are in any line.
const noLimit = 1 << 16

// responderIn is the same in so many characters, if a shorter name does it.
func (h Header) responderIn(addr netip.Addr, width int) string {
	who, name := Plain(addr).String(), h.name(addr, tableName)
	network := h.network(addr)
	if network != "" {
		network = " " + network
	}
	if h.Width > 0 {
		name = shorten(name, width-len(who)-len(" ()")-utf8.RuneCountInString(network))
	}
	if name != "" {
		who = fmt.Sprintf("%s (%s)", name, who)
	}
	return who + network
}

// painted makes the address behind a name faint.
func (h Header) painted(addr netip.Addr, who string) string {
	address := "(" + Plain(addr).String() + ")"
	before, after, ok := strings.Cut(who, address)
	if !ok {
		return who
	}
	return before + h.paint(faint, address) + after
}

func (t *table) whoWidth() int {
	switch {
	case t.header.Names != nil:
		return namedWidth
	case Plain(t.header.Address).Is4():
		return width4
	}
	return width6
}
