package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// headings name the cells of a row.
var headings = []string{"tool", "protocol", "IP", "samples", "inside", "miss p50", "p99", "max", "bracket", "rounding", "unmatched"}

// cells are a row's, in the order of the headings.
func (r row) cells() []string {
	miss := []string{"-", "-", "-"}
	if r.Miss != nil {
		miss = []string{signed(r.Miss.P50), signed(r.Miss.P99), signed(r.Miss.Max)}
	}
	who := []string{r.Tool + r.sources(), r.Protocol, "v" + r.Family, fmt.Sprint(r.Samples), percent(r.tally)}
	return slices.Concat(who, miss, []string{micros(r.Width), micros(r.Rounding), fmt.Sprint(r.Unmatched)})
}

// sources tells where the times come from if not all from one place.
func (r row) sources() string {
	if len(r.Sources) < 2 {
		return ""
	}
	var parts []string
	for name, n := range r.Sources {
		parts = append(parts, fmt.Sprintf("%d %s", n, name))
	}
	slices.Sort(parts)
	return " (" + strings.Join(parts, ", ") + ")"
}

// percent is the share inside. It is cut off, so that only all is 100.
func percent(t tally) string {
	if t.Samples == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", math.Floor(t.share()*10000)/100)
}

// micros has as many digits as matter, and other units for what is far off.
func micros(d time.Duration) string {
	us := float64(d) / 1000
	switch size := d.Abs(); {
	case size >= 10*time.Second:
		return fmt.Sprintf("%.0f s", us/1e6)
	case size >= 10*time.Millisecond:
		return fmt.Sprintf("%.0f ms", us/1e3)
	case size >= 100*time.Microsecond:
		return fmt.Sprintf("%.0f µs", us)
	}
	return fmt.Sprintf("%.1f µs", us)
}

func signed(d time.Duration) string {
	if d > 0 {
		return "+" + micros(d)
	}
	return micros(d)
}
