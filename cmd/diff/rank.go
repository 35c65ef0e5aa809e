package diff

import (
	"math"
	"slices"
)

// exactLimit is the number of samples up to which probabilities are counted, and above
// which they are taken from the normal distribution.
const exactLimit = 25

// rankTest returns the probability that two sets of samples of one distribution lie as
// far apart as these, or farther (two-sided; Mann and Whitney 1947). Ties count for half,
// rounded to what is more probable. It is 1 if there are none of either.
func rankTest(a, b []int64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 1
	}
	u := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				u++
			case x == y:
				u += 0.5
			}
		}
	}
	u = min(u, float64(len(a)*len(b))-u)
	if len(a) > exactLimit || len(b) > exactLimit {
		return normalTail(u, a, b)
	}
	return min(1, 2*exactTail(len(a), len(b), int(math.Ceil(u))))
}

// exactTail is the probability that U is no more than u, by counting: in how many of
// the orders of n and m samples it is how much.
func exactTail(n, m, u int) float64 {
	ways := make([][][]float64, n+1) // [i][k][u]
	for i := range ways {
		ways[i] = make([][]float64, m+1)
		for k := range ways[i] {
			ways[i][k] = make([]float64, i*k+1)
			for v := range ways[i][k] {
				ways[i][k][v] = at(ways, i-1, k, v-k) + at(ways, i, k-1, v)
			}
		}
		ways[i][0][0] = 1
	}
	sum, all := 0.0, 0.0
	for v, w := range ways[n][m] {
		if all += w; v <= u {
			sum += w
		}
	}
	return sum / all
}

func at(ways [][][]float64, i, k, v int) float64 {
	switch {
	case i < 0 || k < 0 || v < 0 || v > i*k:
		return 0
	case i == 0 || k == 0:
		return 1
	}
	return ways[i][k][v]
}

// normalTail is the same for many samples, with half a step for continuity and less
// variance for ties (Lehmann, Nonparametrics, 1975, 1.4).
func normalTail(u float64, a, b []int64) float64 {
	n, m := float64(len(a)), float64(len(b))
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	ties := 0.0
	for i := 0; i < len(all); {
		k := i
		for k < len(all) && all[k] == all[i] {
			k++
		}
		t := float64(k - i)
		ties += t*t*t - t
		i = k
	}
	variance := n * m / 12 * (n + m + 1 - ties/((n+m)*(n+m-1)))
	if variance <= 0 {
		return 1
	}
	z := (n*m/2 - u - 0.5) / math.Sqrt(variance)
	return min(1, math.Erfc(max(0, z)/math.Sqrt2))
}

// fisherTest returns the probability that, of equal chances, two sets of probes lose as
// differently as lostA of a and lostB of b, or more so (two-sided; Fisher 1922).
func fisherTest(lostA, a, lostB, b int) float64 {
	lost := lostA + lostB
	seen := hypergeometric(lostA, a, b, lost)
	sum := 0.0
	for k := max(0, lost-b); k <= min(a, lost); k++ {
		if p := hypergeometric(k, a, b, lost); p <= seen*(1+1e-9) {
			sum += p
		}
	}
	return min(1, sum)
}

// hypergeometric is the probability that k of lost are among a, and the rest among b.
func hypergeometric(k, a, b, lost int) float64 {
	return math.Exp(choose(a, k) + choose(b, lost-k) - choose(a+b, lost))
}

// choose is the logarithm of a binomial coefficient.
func choose(n, k int) float64 {
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
	return gamma(n) - gamma(k) - gamma(n-k)
}
