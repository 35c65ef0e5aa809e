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
// answers a later probe instead is named in front of it; on a line of its own, if the
// terminal has no room for all.
func (t *table) line(h tracer.Hop) string {
	t.compare(h)
	parts := t.stretches(h)
	text := fmt.Sprintf("%*d", ttlWidth(t.header), h.TTL)
	if parts[0].who.IsValid() {
		text += "  " + t.beside(parts[0], len(h.Probes)) + parts[0].aligned
	} else {
		text += parts[0].cells
	}
	one, several := text, text
	for _, p := range parts[1:] {
		one += "  " + t.header.responder(p.who) + p.cells
		several += "\n" + strings.Repeat(" ", ttlWidth(t.header)+2) + t.beside(p, len(h.Probes)) + p.aligned
	}
	if len(wrapped(one, t.width)) == 1 {
		return one
	}
	return several
}

// stretch is the cells of probes, in order, that one address answered or nobody, each with
// a gap before it; aligned ones are as wide as times are.
type stretch struct {
	who            netip.Addr
	cells, aligned string
}

// beside is who answered, in a column beside the cells of a hop's probes.
func (t *table) beside(s stretch, probes int) string {
	return t.paddedBeside(s.who, max(probes*(timeWidth+2), visible(s.aligned))+t.reserved)
}

// stretches begins with who answered first, even if the first probes were lost.
func (t *table) stretches(h tracer.Hop) []stretch {
	all := []stretch{{who: firstSource(h)}}
	for i := 0; i < len(h.Probes); {
		p := h.Probes[i]
		if p.State.Heard() && p.Answer.From != all[len(all)-1].who {
			all = append(all, stretch{who: p.Answer.From})
		}
		s := &all[len(all)-1]
		cell, n := t.cell(h.Probes[i:], 0)
		aligned, _ := t.cell(h.Probes[i:], timeWidth)
		s.cells, s.aligned = s.cells+"  "+cell, s.aligned+"  "+aligned
		i += n
	}
	return all
}

// visible is how many columns a text takes.
func visible(text string) (n int) {
	for len(text) > 0 {
		size, width := element(text)
		text, n = text[size:], n+width
	}
	return n
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
	return t.paddedBeside(addr, probes*(timeWidth+2))
}

// paddedBeside is the same beside so many characters of whatever follows.
func (t *table) paddedBeside(addr netip.Addr, taken int) string {
	width := t.whoWidth()
	if t.header.Width > 0 {
		room := t.header.Width - ttlWidth(t.header) - 2 - taken
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
