package output

import (
	"fmt"
	"net/netip"
	"strings"

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
	fmt.Fprintf(&b, "%*d", len(fmt.Sprint(t.header.MaxTTL)), h.TTL)
	who := firstSource(h)
	width := 0
	if who.IsValid() {
		fmt.Fprintf(&b, "  %-*s", t.whoWidth(), t.who(who))
		width = timeWidth
	}
	for i := 0; i < len(h.Probes); {
		p := h.Probes[i]
		if p.State.Heard() && p.Answer.From != who {
			who, width = p.Answer.From, 0
			fmt.Fprintf(&b, "  %s", t.who(who))
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

// who is the name and address of a source, or the address alone.
func (t *table) who(addr netip.Addr) string {
	return t.header.responder(addr)
}

// responder is the name, address and network of a source, as far as they are known.
func (h Header) responder(addr netip.Addr) string {
	who := Plain(addr).String()
	if name := h.name(addr, tableName); name != "" {
		who = fmt.Sprintf("%s (%s)", name, who)
	}
	if network := h.network(addr); network != "" {
		who += " " + network
	}
	return who
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
