package live

import (
	"fmt"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// twoBlocks is the width from which on histogram and division are side by side.
const twoBlocks = 96

// details tells all about one row, in so many lines.
func (m *model) details(r row, room int) []string {
	lines := append([]string{m.rule(r)}, m.remarks(r)...)
	if r.from == nil {
		return append(lines, "nobody answers here; routers need not")
	}
	division := append(m.division(&r.from.Division), r.delta()...)
	changes := m.changesAt(r.hop.TTL)
	switch {
	case r.timed == nil:
		lines = append(lines, "no answer was timed")
	case m.width >= twoBlocks:
		left := m.glyphs.histogram(&r.timed.RTT, min(max(room-len(lines), 1), 8), m.width/2)
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

// mostRemarks is how many lines a verdict or extensions take at most.
const mostRemarks = 3

// remarks says what the loss at a hop means, and what its answers say in extensions.
func (m *model) remarks(r row) (lines []string) {
	if text := m.verdicts[m.way][r.hop.TTL].Text; text != "" && m.width > 0 {
		lines = strings.Split(ansi.Wrap(output.Safe(text), m.width, ""), "\n")
	}
	lines = lines[:min(len(lines), mostRemarks)]
	var probes []tracer.Probe
	for _, p := range r.hop.Recent {
		if r.from != nil && p.State.Heard() && p.Answer.From.Unmap() == r.from.Addr {
			probes = append(probes, p)
		}
	}
	latest := probes[max(0, len(probes)-latestExtensions):]
	extensions := output.Extensions(tracer.Hop{Probes: latest})
	return append(lines, extensions[:min(len(extensions), mostRemarks)]...)
}

// latestExtensions is how many answers are looked at for extensions.
const latestExtensions = 10

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
	parts := min(max(m.width-20, 8), 22)
	lines := []string{bold.Styled(fmt.Sprintf("%s %9s %9s", m.glyphs.left("where the time goes", parts), "p50", "p99"))}
	for _, s := range spans {
		share := float64(s.Time.Quantile(0.5)) / max(whole, 1)
		line := fmt.Sprintf("%s %s %s ", m.glyphs.left(s.Parts, parts), right(output.Duration(s.Time.Quantile(0.5)), 9), right(output.Duration(s.Time.Quantile(0.99)), 9))
		lines = append(lines, line+accent.Styled(strings.Repeat(m.glyphs.bar, int(math.Round(share*12)))))
	}
	return lines
}

// delta says how much of the delay comes in here.
func (r row) delta() []string {
	switch {
	case r.behind == 0:
		return nil
	case r.added > 0:
		return []string{fmt.Sprintf("adds %s to the median of hop %d", output.Duration(r.added), r.behind)}
	}
	return []string{fmt.Sprintf("adds nothing to the median of hop %d", r.behind)}
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
