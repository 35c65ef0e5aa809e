package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// step is what was measured with one delay.
type step struct {
	delay time.Duration
	// near and far are the answers of the hop before the delay and of the one
	// behind it, the fastest first, at least one each.
	near, far []probe
}

// quantile returns the value at quantile q, without interpolation.
func quantile[T any](sorted []T, q float64) T { return sorted[int(q*float64(len(sorted)-1))] }

func median[T any](sorted []T) T { return quantile(sorted, 0.5) }

// rtt is the median of the RTTs that the trace says.
func (s step) rtt() time.Duration { return median(s.far).RTT }

// tcx is the median of what the stamps of the tcx programs alone give.
func (s step) tcx() time.Duration {
	var all []time.Duration
	for _, p := range s.far {
		all = append(all, p.Stamps.Ingress-p.Stamps.Egress)
	}
	slices.Sort(all)
	return median(all)
}

// line is time = intercept + slope * delay.
type line struct {
	slope     float64
	intercept time.Duration
}

func (l line) String() string {
	return fmt.Sprintf("slope %.5f, intercept %v", l.slope, short(l.intercept))
}

// fit returns the line of least squares through a time of each step. Two
// different delays at least make a line.
func fit(all []step, of func(step) time.Duration) line {
	var meanX, meanY, xx, xy float64
	n := float64(len(all))
	for _, s := range all {
		meanX += float64(s.delay) / n
		meanY += float64(of(s)) / n
	}
	for _, s := range all {
		x, y := float64(s.delay)-meanX, float64(of(s))-meanY
		xx += x * x
		xy += x * y
	}
	slope := xy / xx
	return line{slope, time.Duration(meanY - slope*meanX)}
}

// check returns what does not hold.
func check(all []step, l line, tolerance float64) error {
	var errs []error
	if !(math.Abs(l.slope-1) <= tolerance) { // not a number fails too
		errs = append(errs, fmt.Errorf("the slope is %.5f, want 1 ± %v", l.slope, tolerance))
	}
	for _, s := range all {
		for _, p := range s.far {
			if p.RTT < s.delay {
				errs = append(errs, fmt.Errorf("%v is shorter than the delay of %v: %v", p.RTT, s.delay, p.Stamps))
			}
		}
	}
	return errors.Join(errs...)
}
