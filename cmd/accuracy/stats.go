package main

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// tally is what a row counts.
type tally struct {
	Samples int `json:"samples"`
	Inside  int `json:"inside"`
	// Unmatched samples are about packets that the captures do not have.
	Unmatched int `json:"unmatched"`
	// Miss is about the samples outside, and not there without any.
	Miss *misses `json:"miss,omitempty"`
	// Width is the median width of the brackets.
	Width time.Duration `json:"bracket_width_p50_ns"`
	// Sources counts the samples by what the tool says they come from.
	Sources map[string]int `json:"sources,omitempty"`
}

// misses tells how far samples are from their brackets, in order of magnitude:
// negative ones are below.
type misses struct {
	P50 time.Duration `json:"p50_ns"`
	P99 time.Duration `json:"p99_ns"`
	Max time.Duration `json:"max_ns"`
}

// count tallies the samples of a row, whose tool rounds by up to rounding.
func count(samples []judged, unmatched int, rounding time.Duration) tally {
	t := tally{Samples: len(samples), Unmatched: unmatched, Sources: make(map[string]int)}
	var outside, widths []time.Duration
	for _, s := range samples {
		widths = append(widths, s.width())
		if s.source != "" {
			t.Sources[s.source]++
		}
		if m := s.miss(s.rtt, tolerance+rounding); m != 0 {
			outside = append(outside, m)
		}
	}
	t.Inside = len(samples) - len(outside)
	t.Width = percentile(widths, 50)
	if len(outside) > 0 {
		t.Miss = &misses{percentile(outside, 50), percentile(outside, 99), percentile(outside, 100)}
	}
	return t
}

// share is the part of the samples that is inside, from 0 to 1.
func (t tally) share() float64 {
	if t.Samples == 0 {
		return 0
	}
	return float64(t.Inside) / float64(t.Samples)
}

// percentile returns the value of the nearest rank, by magnitude, or 0 of none.
func percentile(values []time.Duration, p float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.SortedFunc(slices.Values(values), func(a, b time.Duration) int {
		return cmp.Compare(a.Abs(), b.Abs())
	})
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}
