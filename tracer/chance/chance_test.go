package chance

import (
	"math"
	"math/bits"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The lady tasting tea (Fisher 1935), and tables whose sums are easy by hand.
func TestFisher(t *testing.T) {
	for _, tt := range []struct {
		marked, a, others, b int
		want                 float64
	}{
		{3, 4, 1, 4, 17.0 / 70}, {4, 4, 0, 4, 1.0 / 70}, {2, 3, 0, 9, 3.0 / 66}, {0, 3, 2, 9, 1}, {0, 0, 2, 9, 1},
	} {
		if got := Fisher(tt.marked, tt.a, tt.others, tt.b); !near(got, tt.want) {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// Runs is what counting all arrangements gives.
func TestRuns(t *testing.T) {
	const n = 9
	for k := 1; k < n; k++ {
		for runs := 1; runs <= n; runs++ {
			fewer, all := 0, 0
			for set := range uint(1 << n) {
				if bits.OnesCount(set) != k {
					continue
				}
				all++
				if 1+bits.OnesCount((set^set>>1)&(1<<(n-1)-1)) <= runs {
					fewer++
				}
			}
			if got, want := Runs(k, n-k, runs), float64(fewer)/float64(all); !near(got, want) {
				t.Errorf("%d and %d in %d runs: %v, want %v", k, n-k, runs, got, want)
			}
		}
	}
}

// Of two tests that are uniform, P(XY <= z) = z(1 - ln z).
func TestTogether(t *testing.T) {
	for _, tt := range []struct {
		ps   []float64
		want float64
	}{
		{nil, 1}, {[]float64{0.03}, 0.03}, {[]float64{1, 1, 1}, 1}, {[]float64{0.1, 0.2}, 0.02 * (1 - math.Log(0.02))},
	} {
		if got := Together(tt.ps); !near(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.ps, got, tt.want)
		}
	}
}
