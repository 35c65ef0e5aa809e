package main

import (
	"testing"
	"time"
)

func TestMiss(t *testing.T) {
	b := bracket{far: 10_000, near: 14_000}
	for _, tt := range []struct{ rtt, slack, want time.Duration }{
		{10_000, 0, 0}, {14_000, 0, 0}, {9_999, 0, -1}, {14_001, 0, 1},
		{9_700, 300, 0}, {14_300, 300, 0}, {9_699, 300, -301}, {14_301, 300, 301},
	} {
		if got := b.miss(tt.rtt, tt.slack); got != tt.want {
			t.Errorf("%v with slack %v misses by %v, want %v", tt.rtt, tt.slack, got, tt.want)
		}
	}
}

func TestPercentile(t *testing.T) {
	values := []time.Duration{5, -1, 2, -9, 3}
	for _, tt := range []struct {
		p    float64
		want time.Duration
	}{{0, -1}, {20, -1}, {21, 2}, {50, 3}, {80, 5}, {81, -9}, {100, -9}} {
		if got := percentile(values, tt.p); got != tt.want {
			t.Errorf("p%v is %d, want %d", tt.p, got, tt.want)
		}
	}
	if values[0] != 5 || percentile(nil, 50) != 0 {
		t.Error("it changed its argument, or made something out of nothing")
	}
}

func TestCount(t *testing.T) {
	b := bracket{far: 10_000, near: 12_000}
	samples := []judged{{sample{rtt: 11_000, source: "kernel"}, b}, {sample{rtt: 13_300, source: "tcx"}, b},
		{sample{rtt: 8_600, source: "tcx"}, b}, {sample{rtt: 20_000, source: "tcx"}, b}}
	got := count(samples, 2, time.Microsecond)
	if got.Samples != 4 || got.Inside != 2 || got.Unmatched != 2 || got.Width != 2000 || got.Sources["tcx"] != 3 {
		t.Errorf("got %+v", got)
	}
	if want := (misses{-1400, 8000, 8000}); got.Miss == nil || *got.Miss != want {
		t.Errorf("misses %+v, want %+v", got.Miss, want)
	}
	if got := count(nil, 1, 0); got.Samples != 0 || got.Miss != nil || got.share() != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
