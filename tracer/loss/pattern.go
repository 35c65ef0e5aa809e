package loss

import (
	"math"

	"github.com/ebpftrace/ebpftrace/tracer/chance"
)

// bursts returns how likely it is that probes lost at random leave at least as many
// answers in a row at the beginning, answered being in the order
// in which they were sent. A token bucket that was full answers so, and so does a path that breaks.
func bursts(answered []bool) float64 {
	n, k, b := len(answered), 0, 0
	for i, ok := range answered {
		if ok {
			k++
		}
		if ok && b == i {
			b++
		}
	}
	if k == n {
		return 1
	}
	return math.Exp(chance.Choose(n-b, k-b) - chance.Choose(n, k))
}

// spaced returns how likely it is that probes lost at random leave answers that are
// nowhere nearer to each other. A token bucket spaces them, once it is empty: what
// it answers at first, it being full, is left out.
//
// Of n things in a row, k of which no two are nearer than g are chosen in as many
// ways as k of n-(k-1)(g-1).
func spaced(answered []bool) float64 {
	rest := answered
	for len(rest) > 0 && rest[0] {
		rest = rest[1:]
	}
	if len(rest) > 0 {
		rest = rest[1:] // which was lost, or the burst would not have ended
	}
	n, k, last := len(rest), 0, -1
	least := n
	for i, ok := range rest {
		if !ok {
			continue
		}
		if k++; last >= 0 {
			least = min(least, i-last)
		}
		last = i
	}
	if k < 2 {
		return 1
	}
	return math.Exp(chance.Choose(n-(k-1)*(least-1), k) - chance.Choose(n, k))
}
