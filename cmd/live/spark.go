package live

import (
	"math"
	"net/netip"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// calm is the factor between the shortest and the longest time below which the
// history does not use its whole height: what varies little is to look flat.
const calm = 4

// history draws what became of the latest probes, the newest at the right: the times
// of one responder by one pair of stamps, on a logarithmic scale from its shortest.
// What others answered is a dot.
func (g glyphs) history(probes []tracer.Probe, from netip.Addr, by stamp.Timing, width int) string {
	if len(probes) > width {
		probes = probes[len(probes)-width:]
	}
	low, high := extremes(probes, from, by)
	var b strings.Builder
	b.WriteString(blank(width - len(probes)))
	for i := range probes {
		p := &probes[i]
		switch {
		case p.State == tracer.NotSent:
			b.WriteString(" ")
		case !p.State.Heard():
			b.WriteString(bad.Styled(g.lost))
		case !timedBy(p, from, by):
			b.WriteString(faint.Styled(g.other))
		default:
			b.WriteString(g.level(p.RTT, low, high))
		}
	}
	return b.String()
}

func timedBy(p *tracer.Probe, from netip.Addr, by stamp.Timing) bool {
	return p.State.Heard() && p.Timing == by && by.Name != "" && p.Answer.From.Unmap() == from
}

func extremes(probes []tracer.Probe, from netip.Addr, by stamp.Timing) (low, high time.Duration) {
	for i := range probes {
		if p := &probes[i]; timedBy(p, from, by) {
			if low == 0 || p.RTT < low {
				low = p.RTT
			}
			high = max(high, p.RTT)
		}
	}
	return low, high
}

// level is a bar for a time.
func (g glyphs) level(v, low, high time.Duration) string {
	ratio := func(a time.Duration) float64 { return float64(max(a, 1)) / float64(max(low, 1)) }
	share := math.Log(ratio(v)) / math.Log(max(ratio(high), calm))
	n := len(g.spark)
	i := min(max(int(share*float64(n)), 0), n-1)
	style := accent
	if i >= n*3/4 {
		style = warn
	}
	return style.Styled(string(g.spark[i]))
}

func blank(n int) string { return strings.Repeat(" ", max(n, 0)) }

// widthOf returns the number of columns that a text takes.
func widthOf(text string) int { return ansi.StringWidth(text) }
