package diff

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// Against all the ways to deal the samples out, as slow as that is.
func TestRankTestAgainstCounting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n, m := 1+random.IntN(5), 1+random.IntN(6)
		all := random.Perm(n + m)
		var a, b []int64
		for i, v := range all {
			if i < n {
				a = append(a, int64(v))
			} else {
				b = append(b, int64(v))
			}
		}
		if got, want := rankTest(a, b), counted(a, b); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v against %v: %g, want %g", a, b, got, want)
		}
	}
}

// counted is the share of deals of which U is as extreme.
func counted(a, b []int64) float64 {
	n, all := len(a), len(a)+len(b)
	u := func(isA uint) int { // pairs of which A's is the greater
		sum := 0
		for i := range all {
			for k := range i {
				if isA>>i&1 == 1 && isA>>k&1 == 0 {
					sum++
				}
			}
		}
		return min(sum, n*(all-n)-sum)
	}
	seen := uint(0)
	for _, v := range a {
		seen |= 1 << v
	}
	as, of := 0, 0
	for deal := range uint(1) << all {
		if bits.OnesCount(deal) != n {
			continue
		}
		of++
		if u(deal) <= u(seen) {
			as++
		}
	}
	// The deals in the very middle are counted once, and are 1 in any case.
	return min(1, float64(as)/float64(of))
}

// Many samples are taken from the normal distribution, which is near enough.
func TestRankTestOfMany(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var a, b []int64
		for range exactLimit {
			a, b = append(a, random.Int64N(1e9)), append(b, random.Int64N(1e9)+1e8)
		}
		exact := rankTest(a, b)
		u := 0.0
		for _, x := range a {
			for _, y := range b {
				if x > y {
					u++
				}
			}
		}
		if normal := normalTail(min(u, float64(len(a)*len(b))-u), a, b); math.Abs(normal-exact) > 0.01 {
			t.Errorf("%g by the normal distribution, %g exactly", normal, exact)
		}
	}
	if p := rankTest(make([]int64, 100), make([]int64, 100)); p != 1 {
		t.Errorf("a hundred equal ones: %g", p)
	}
	if p := rankTest(nil, []int64{1}); p != 1 {
		t.Errorf("nothing against something: %g", p)
	}
}

// Fisher's lady tasting tea, and others worked out by R's fisher.test.
func TestFisherTest(t *testing.T) {
	for _, tt := range []struct {
		lostA, a, lostB, b int
		want               float64
	}{
		{3, 4, 1, 4, 0.4857142857},
		{0, 10, 7, 10, 0.0030959752},
		{0, 3, 3, 3, 0.1},
		{5, 10, 5, 10, 1},
		{0, 0, 3, 3, 1},
	} {
		if got := fisherTest(tt.lostA, tt.a, tt.lostB, tt.b); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%d of %d against %d of %d: %.10f, want %.10f", tt.lostA, tt.a, tt.lostB, tt.b, got, tt.want)
		}
	}
}
