package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"gonum.org/v1/plot"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// logTicks marks a logarithmic axis of nanoseconds.
type logTicks struct{}

// Ticks implements plot.Ticker: a label at each power of ten, where there are
// few of those also at its double and fivefold, and a mark at all the others.
func (logTicks) Ticks(least, most float64) (ticks []plot.Tick) {
	labelled := map[float64]bool{1: true}
	if most/least < 300 {
		labelled[2], labelled[5] = true, true
	}
	for power := math.Pow(10, math.Floor(math.Log10(least))); power <= most; power *= 10 {
		for digit := 1.0; digit < 10; digit++ {
			v := power * digit
			if v < least*0.999 || v > most*1.001 {
				continue
			}
			t := plot.Tick{Value: v}
			if labelled[digit] {
				t.Label = short(v)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// linearTicks marks an axis of nanoseconds from 0.
type linearTicks struct {
	few bool // for an axis that is short
}

// Ticks implements plot.Ticker, with four to eight labels, or with two to four.
func (l linearTicks) Ticks(_, most float64) (ticks []plot.Tick) {
	labels := 8.0
	if l.few {
		labels = 4
	}
	step := outward(most / labels)
	for v := 0.0; v <= most*1.001; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: short(v)})
	}
	return ticks
}

// shareTicks marks an axis of shares from 0 to 1.
type shareTicks struct{}

// Ticks implements plot.Ticker.
func (shareTicks) Ticks(_, _ float64) []plot.Tick {
	var ticks []plot.Tick
	for _, percent := range []int{0, 25, 50, 75, 90, 100} {
		ticks = append(ticks, plot.Tick{Value: float64(percent) / 100, Label: fmt.Sprintf("%d %%", percent)})
	}
	return ticks
}

// short writes a time without idle digits: 20 µs for 20.0 µs.
func short(ns float64) string {
	if ns == 0 {
		return "0"
	}
	number, unit, _ := strings.Cut(output.Duration(time.Duration(math.Round(ns))), " ")
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + unit
}

// inward returns the greatest number that is 1, 2 or 5, or a tenfold of these,
// and no more than v; v is at least 1.
func inward(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{5, 2} {
		if power*digit <= v {
			return power * digit
		}
	}
	return power
}

// outward returns the least such number that is no less than v.
func outward(v float64) float64 {
	v = max(v, 1)
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{1, 2, 5} {
		if power*digit >= v {
			return power * digit
		}
	}
	return power * 10
}
