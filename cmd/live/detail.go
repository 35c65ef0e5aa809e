package live

import (
	"fmt"
	"math"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// twoBlocks is the width from which on histogram and division are side by side.
const twoBlocks = 96

// details tells all about one row, in so many lines.
func (m *model) details(r row, room int) []string {
	lines := []string{m.rule(r)}
	if r.from == nil {
		return append(lines, "nobody answers here; routers need not")
	}
	division := m.division(&r.from.Division)
	changes := m.changesAt(r.hop.TTL)
	switch {
	case r.timed == nil:
		lines = append(lines, "no answer was timed")
	case m.width >= twoBlocks:
		left := m.glyphs.histogram(&r.timed.RTT, min(max(room-1, 1), 8), m.width/2)
		lines = append(lines, beside(left, append(division, changes...), m.width/2+2)...)
		return lines[:min(len(lines), max(room, 0))]
	default:
		n := max(room-len(lines)-len(division)-min(len(changes), 2), 3)
		lines = append(lines, m.glyphs.histogram(&r.timed.RTT, min(n, 8), m.width)...)
	}
	lines = append(append(lines, division...), changes...)
	return lines[:min(len(lines), max(room, 0))]
}

// rule parts the detail from the table, and says whose it is.
func (m *model) rule(r row) string {
	text := fmt.Sprintf("hop %d", r.hop.TTL)
	if r.from != nil {
		name, address := label(m.lookup(), r.from.Addr)
		if name != "" {
			address = name + " (" + address + ")"
		}
		text += fmt.Sprintf("  %s  %d of %d answered", address, r.from.Answered, r.hop.Sent())
	}
	if r.timed != nil {
		text += ", timed by " + r.timed.Timing.Name
		if _, others := r.from.Timed(); others > 0 {
			text += fmt.Sprintf(" (%d otherwise, left out)", others)
		}
	}
	if others := len(r.hop.Responders) - 1; others > 0 {
		text += fmt.Sprintf("; other addresses here: %d", others)
	}
	text = m.glyphs.shorten(text, m.width)
	return reversed.Styled(text + blank(m.width-widthOf(text)))
}

// division says where the probes spent their time: median and 99th percentile of each
// part, and its share of the medians.
func (m *model) division(d *stats.Division) []string {
	spans, _, _ := d.Spans()
	if len(spans) == 0 {
		return nil
	}
	whole := 0.0
	for _, s := range spans {
		whole += float64(s.Time.Quantile(0.5))
	}
	lines := []string{bold.Styled(fmt.Sprintf("%-22s %9s %9s", "where the time goes", "p50", "p99"))}
	for _, s := range spans {
		share := float64(s.Time.Quantile(0.5)) / max(whole, 1)
		line := fmt.Sprintf("%s %s %s ", m.glyphs.left(s.Parts, 22), right(output.Duration(s.Time.Quantile(0.5)), 9), right(output.Duration(s.Time.Quantile(0.99)), 9))
		lines = append(lines, line+accent.Styled(strings.Repeat(m.glyphs.bar, int(math.Round(share*12)))))
	}
	return lines
}

// changesAt tells the changes at a hop, the latest first.
func (m *model) changesAt(ttl int) (lines []string) {
	all := m.record().Changes
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].TTL == ttl {
			lines = append(lines, warn.Styled(m.glyphs.change)+" "+changeText(m.glyphs, all[i]))
		}
	}
	return lines
}
