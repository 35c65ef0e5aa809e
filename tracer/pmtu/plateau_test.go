package pmtu

import (
	"slices"
	"testing"
)

// Lengths to try lie strictly between, in order, and there are some as long as there
// is anything between: a search always goes on.
func TestCandidates(t *testing.T) {
	if !slices.IsSorted(plateaus) || len(slices.Compact(slices.Clone(plateaus))) != len(plateaus) {
		t.Error("plateaus are not in order")
	}
	for n := 1; n <= batch; n++ {
		for passes := 60; passes < 1600; passes += 7 {
			for fails := passes + 2; fails < 9300; fails += 1 + fails/9 {
				got := candidates(passes, fails, n)
				if len(got) == 0 || len(got) > n || got[0] <= passes || got[len(got)-1] >= fails || !slices.IsSorted(got) {
					t.Fatalf("%d candidates between %d and %d: %v", n, passes, fails, got)
				}
			}
		}
	}
}

// Any MTU is found in few rounds; a plateau's in fewer.
func TestRounds(t *testing.T) {
	for mtu := 81; mtu < 9000; mtu++ {
		if n := rounds(mtu); n > 12 || n > 6 && slices.Contains(plateaus, mtu) {
			t.Errorf("%d bytes take %d rounds", mtu, n)
		}
	}
}

func rounds(mtu int) (n int) {
	for passes, fails := 80, 9000; fails > passes+1; n++ {
		for _, size := range candidates(passes, fails, batch) {
			if size <= mtu {
				passes = max(passes, size)
			} else {
				fails = min(fails, size)
			}
		}
	}
	return n
}
