package live

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// bin is a bar of a histogram: times up to and including To.
type bin struct {
	to    time.Duration
	count int64
}

// bins divides a distribution into at most n bars of equal width on a logarithmic
// scale, so that a few slow answers do not press all others into one.
func bins(d *stats.Distribution, n int) []bin {
	low, high := max(d.Min(), 1), max(d.Max(), 1)
	if ratio := float64(high) / float64(low); ratio < 1.02 {
		n = 1
	}
	all := make([]bin, n)
	for i := range all {
		share := float64(i+1) / float64(n)
		all[i].to = time.Duration(float64(low) * math.Pow(float64(high)/float64(low), share))
	}
	all[n-1].to = high
	i, seen := 0, int64(0)
	for v, share := range d.Cumulative() {
		for i < n-1 && v > all[i].to {
			i++
		}
		upTo := int64(math.Round(share * float64(d.Count())))
		all[i].count += upTo - seen
		seen = upTo
	}
	return all
}

// histogram draws the times of a responder in so many lines and columns.
func (g glyphs) histogram(d *stats.Distribution, lines, width int) []string {
	all := bins(d, max(lines, 1))
	most := int64(1)
	for _, b := range all {
		most = max(most, b.count)
	}
	room := max(width-2*9-len(" - ")-2-7, 1)
	var text []string
	from := d.Min()
	for _, b := range all {
		n := int(math.Round(float64(b.count) / float64(most) * float64(room)))
		if b.count > 0 {
			n = max(n, 1)
		}
		text = append(text, fmt.Sprintf("%s - %s  %s %d", right(output.Duration(from), 9), right(output.Duration(b.to), 9),
			accent.Styled(strings.Repeat(g.bar, n)), b.count))
		from = b.to
	}
	return text
}
