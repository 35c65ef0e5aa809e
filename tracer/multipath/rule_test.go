package multipath

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// published is the table of Augustin, Friedman and Teixeira, E2EMON 2007, as far
// as it goes, and as scamper has gone on with it, for confidences of 95 and 99 %.
var published = map[float64][]int{
	0.05: {6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96},
	0.01: {8, 15, 21, 28, 36, 43, 51, 58, 66, 74, 82, 90, 98, 106, 115, 123},
}

// The table asks how many flows see all of k+1 successors, if nothing stops them.
func TestMissingIsThePublishedTable(t *testing.T) {
	for epsilon, want := range published {
		var got []int
		for k := 1; len(got) < len(want); k++ {
			n := 1
			for missing(k, n) > epsilon {
				n++
			}
			got = append(got, n)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", epsilon, got, want)
		}
	}
}

// The rule is that table, and a flow more where having stopped before would have
// made it fail too often.
func TestRule(t *testing.T) {
	more := map[float64][]int{0.05: {7, 8}, 0.01: nil}
	for epsilon, table := range published {
		r := newRule(epsilon)
		for i, want := range table {
			if slices.Contains(more[epsilon], i+1) {
				want++
			}
			if got := r.probes(i + 1); got != want {
				t.Errorf("%v: %d flows for %d successors, want %d", epsilon, got, i+1, want)
			}
		}
	}
	if got := newRule(0.05).probes(0); got != 6 {
		t.Errorf("%d flows before anything is seen, want 6", got)
	}
}

// MDA at one vertex, simulated: it fails no more often than it says, and not
// much less often either, or the rule would waste probes.
func TestRuleFailsAsOftenAsItSays(t *testing.T) {
	const runs = 20000
	random := rand.New(rand.NewPCG(1, 2))
	for _, epsilon := range []float64{0.05, 0.01} {
		r := newRule(epsilon)
		for _, successors := range []int{2, 3, 5, 8, 9, 16} {
			failed := 0
			for range runs {
				if stopAt(r, successors, random) < successors {
					failed++
				}
			}
			share := float64(failed) / runs
			deviation := math.Sqrt(epsilon * (1 - epsilon) / runs)
			if share > epsilon+4*deviation || share < epsilon/2-4*deviation {
				t.Errorf("%d successors: fails with %.4f, want %.2f or a little less", successors, share, epsilon)
			}
		}
	}
}

// stopAt returns the number of successors seen when the rule says to stop.
func stopAt(r *rule, successors int, random *rand.Rand) int {
	seen := map[int]bool{}
	for n := 0; n < r.probes(len(seen)); n++ {
		seen[random.IntN(successors)] = true
	}
	return len(seen)
}

// Tiny probabilities, as large graphs have them, and wide vertices come to an end.
func TestRuleOfWideVertices(t *testing.T) {
	r := newRule(1e-6)
	for k := 1; k <= 130; k++ {
		if r.probes(k) <= r.probes(k-1) && k > 1 {
			t.Fatalf("%d flows for %d successors, %d for one less", r.probes(k), k, r.probes(k-1))
		}
	}
	if got := missing(130, r.probes(130)); got > 1e-6 || got < 1e-7 {
		t.Errorf("130 successors: misses one with %g", got)
	}
}
