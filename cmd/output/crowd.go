package output

import (
	"fmt"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// crowded reports a hop with more probes than a line of the terminal has room for, of
// whose answers there is no more to tell than times: one address, in time.
func (t *table) crowded(h tracer.Hop) bool {
	sources := sources([]tracer.Hop{h})
	if t.header.Width == 0 || len(sources) != 1 {
		return false
	}
	for _, p := range h.Probes {
		plain := p.State == tracer.Answered && p.Timing.Name != "" && len(t.suffixes(p)) == 0
		if !plain && p.State != tracer.Lost {
			return false
		}
	}
	who := max(len(Plain(firstSource(h)).String()), width4) // so that IPv4 hops look alike
	return ttlWidth(t.header)+2+who+len(h.Probes)*(timeWidth+2) > t.header.Width
}

// summed is such a hop in a few words: the median, from least to most, and how many.
func (t *table) summed(h tracer.Hop) string {
	t.compare(h)
	var times []time.Duration
	var last tracer.Probe
	for _, p := range h.Probes {
		if p.State == tracer.Answered {
			times, last = append(times, p.RTT), p
		}
	}
	slices.Sort(times)
	n := len(times)
	last.RTT = (times[(n-1)/2] + times[n/2]) / 2
	answered := fmt.Sprintf("%d of %d answered", n, len(h.Probes))
	answered = t.header.paint(colourOf(n, h), answered)
	median := t.header.paint(t.mark(last), fmt.Sprintf("%*s", timeWidth, Duration(last.RTT)))
	long := fmt.Sprintf("%*d  %s  %s  (%s to %s, %s)", ttlWidth(t.header), h.TTL, t.padded(firstSource(h), summedCells),
		median, Duration(times[0]), Duration(times[n-1]), answered)
	if len(wrapped(long, t.width)) == 1 {
		return long
	}
	return fmt.Sprintf("%*d  %s  %s  %s", ttlWidth(t.header), h.TTL, t.paddedBeside(firstSource(h), timeWidth+2+len("  100/100")),
		median, t.header.paint(colourOf(n, h), fmt.Sprintf("%d/%d", n, len(h.Probes))))
}

// colourOf is that of a count of answers: red if some are missing.
func colourOf(answered int, h tracer.Hop) colour {
	if answered < len(h.Probes) {
		return red
	}
	return ""
}

// summedCells is about as wide as a sum, in cells.
const summedCells = 5
