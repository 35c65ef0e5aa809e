package multipath

import (
	"math"
	"testing"
)

// With one flow for each of w vertices, the mean is the coupon collector's: w times
// the w-th harmonic number.
func TestAtLeastIsTheCouponCollector(t *testing.T) {
	for _, w := range []int{2, 5, 64} {
		var all []want
		harmonic := 0.0
		for i := range w {
			all = append(all, want{1, 1 / float64(w)})
			harmonic += 1 / float64(i+1)
		}
		mean := float64(w) * harmonic
		if got := atLeast(0, all); math.Abs(got-mean) > 0.005*mean {
			t.Errorf("%d vertices: %v flows, want %v", w, got, mean)
		}
		if got := atLeast(1000, all); math.Abs(got-1000) > 1 {
			t.Errorf("%d vertices: %v flows where 1000 are sent anyway", w, got)
		}
	}
}

// What MDA sends is what its theory says; MDA-Lite sends less where diamonds are wide,
// and hardly more where it has to give way to MDA. Tests of balancing are in no
// theory.
func TestSpentAgainstTheory(t *testing.T) {
	for name, share := range map[string]float64{
		"diamond_2": 1, "diamond_4": 0.75, "diamond_16": 0.5, "diamond_nested": 1.15, "diamond_meshed": 1.15,
	} {
		inBubble(t, func(t *testing.T) {
			full, theory := spent(t, name, Config{Full: true})
			lite, _ := spent(t, name, Config{})
			t.Logf("%s: MDA %.0f, MDA-Lite %.0f, theory %.0f", name, full, lite, theory)
			if full < 0.85*theory || full > 1.25*theory {
				t.Errorf("%s: MDA sends %.0f probes, its theory %.0f", name, full, theory)
			}
			if lite > share*full {
				t.Errorf("%s: MDA-Lite sends %.0f probes, MDA %.0f", name, lite, full)
			}
		})
	}
}

// spent returns what runs send at the mean, less their tests, and what theory says.
func spent(t *testing.T, name string, cfg Config) (probes, theory float64) {
	t.Helper()
	const runs = 20
	s := load(t, name)
	for seed := range uint64(runs) {
		tr := trace(t, s, ways()[int(seed)%6], seed, cfg)
		probes += float64(tr.Spent-tr.Tally.Repeated) / runs
		theory += tr.Theory / runs
	}
	return probes, theory
}
