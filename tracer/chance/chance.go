// Package chance works out how likely what was seen would be by chance alone.
package chance

import "math"

// Choose returns the natural logarithm of n over k, minus infinity where there is no
// way.
func Choose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	return factorial(n) - factorial(k) - factorial(n-k)
}

func factorial(n int) float64 {
	f, _ := math.Lgamma(float64(n) + 1)
	return f
}

// Fisher returns how likely it is that of a things at least marked bear a mark, if
// the marks of all, those of b others included, are spread at random: Fisher's exact
// test, one-sided.
func Fisher(marked, a, others, b int) (p float64) {
	marks := marked + others
	all := Choose(a+b, marks)
	for k := marked; k <= min(a, marks); k++ {
		p += math.Exp(Choose(a, k) + Choose(b, marks-k) - all)
	}
	return min(1, p)
}

// Runs returns how likely it is that a things of one kind and b of another, in
// random order, form so many runs or fewer (Wald and Wolfowitz 1940).
func Runs(a, b, runs int) (p float64) {
	if a == 0 || b == 0 {
		return 1
	}
	all := Choose(a+b, a)
	for r := 2; r <= runs; r++ {
		h := r / 2
		if r%2 == 0 {
			p += 2 * math.Exp(Choose(a-1, h-1)+Choose(b-1, h-1)-all)
			continue
		}
		p += math.Exp(Choose(a-1, h)+Choose(b-1, h-1)-all) + math.Exp(Choose(a-1, h-1)+Choose(b-1, h)-all)
	}
	return min(1, p)
}

// Together puts the p-values of independent tests together, by Fisher's method: minus
// twice the sum of the logarithms is distributed as chi-squared, with two degrees of
// freedom a test. Of no tests it is 1.
func Together(ps []float64) (p float64) {
	half := 0.0
	for _, q := range ps {
		half -= math.Log(q)
	}
	term := math.Exp(-half)
	for i := range ps {
		p += term
		term *= half / float64(i+1)
	}
	if len(ps) == 0 {
		return 1
	}
	return min(1, p)
}
