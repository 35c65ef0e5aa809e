package loss

import (
	"math"
	"math/bits"
	"testing"
)

// Wilson's interval for 1 of 10 as in Brown, Cai and DasGupta (2001).
func TestInterval(t *testing.T) {
	low, high := Count{1, 10}.Interval()
	if math.Abs(low-0.01787621) > 1e-6 || math.Abs(high-0.40415003) > 1e-6 {
		t.Errorf("1 of 10: %v to %v", low, high)
	}
	if low, high := (Count{}).Interval(); low != 0 || high != 1 {
		t.Errorf("of none: %v to %v", low, high)
	}
}

// The p-values of patterns are those that counting all arrangements gives.
func TestPatterns(t *testing.T) {
	const n = 11
	for k := 0; k <= n; k++ {
		for _, stat := range []func([]bool) float64{bursts, spaced} {
			checkValid(t, n, k, stat)
		}
	}
	for text, want := range map[string]float64{
		"AAALLL": 1.0 / 20, "ALALAL": 1.0 / 2, "LALALA": 1.0 / 10, "AALLLALLLA": 6.0 / 21, "AAA": 1, "LLL": 1, "": 1,
	} {
		got := spaced(answers(text))
		if text == "AAALLL" {
			got = bursts(answers(text))
		}
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func answers(text string) (all []bool) {
	for _, c := range text {
		all = append(all, c == 'A')
	}
	return all
}

// checkValid makes sure that no more than a fraction p of all arrangements has a
// p-value of p or less: else it would be none.
func checkValid(t *testing.T, n, k int, stat func([]bool) float64) {
	t.Helper()
	var all []float64
	for set := range 1 << n {
		if bits.OnesCount(uint(set)) != k {
			continue
		}
		answered := make([]bool, n)
		for i := range answered {
			answered[i] = set>>i&1 == 1
		}
		all = append(all, stat(answered))
	}
	for _, p := range all {
		below := 0
		for _, q := range all {
			if q <= p+1e-9 {
				below++
			}
		}
		if float64(below) > float64(len(all))*p*(1+1e-9) {
			t.Fatalf("%d of %d: %d of %d arrangements have a p of %v or less", k, n, below, len(all), p)
		}
	}
}
