package diff

import (
	"net/netip"
	"slices"
)

// Change says what became of a hop.
type Change string

// The changes.
const (
	Same    Change = "same"
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed" // none of the addresses is the same
	Silent  Change = "silent"  // answered in one trace only
)

// What changes cost: a change of address less than removing one hop and adding
// another, and silence the least.
var cost = map[Change]int{Same: 0, Silent: 1, Added: 2, Removed: 2, Changed: 3}

// pair is a hop of each trace; nil where there is none.
type pair struct {
	a, b   *Hop
	change Change
}

// align pairs the hops of two paths so that the least has changed.
func align(a, b []Hop) []pair {
	least := distances(a, b)
	var all []pair
	i, k := 0, 0
	for i < len(a) || k < len(b) {
		left := least[i][k]
		if i < len(a) && k < len(b) {
			if c := compare(&a[i], &b[k]); least[i+1][k+1]+cost[c] == left {
				all = append(all, pair{&a[i], &b[k], c})
				i, k = i+1, k+1
				continue
			}
		}
		if i < len(a) && least[i+1][k]+cost[Removed] == left {
			all = append(all, pair{&a[i], nil, Removed})
			i++
			continue
		}
		all = append(all, pair{nil, &b[k], Added})
		k++
	}
	return all
}

// distances returns what it costs to get from a[i:] to b[k:].
func distances(a, b []Hop) [][]int {
	least := make([][]int, len(a)+1)
	for i := len(a); i >= 0; i-- {
		least[i] = make([]int, len(b)+1)
		for k := len(b); k >= 0; k-- {
			least[i][k] = (len(a)-i)*cost[Removed] + (len(b)-k)*cost[Added]
			if i < len(a) && k < len(b) {
				least[i][k] = min(
					least[i+1][k+1]+cost[compare(&a[i], &b[k])],
					least[i+1][k]+cost[Removed], least[i][k+1]+cost[Added])
			}
		}
	}
	return least
}

// compare says how two hops that are paired differ.
func compare(a, b *Hop) Change {
	as, bs := a.addresses(), b.addresses()
	switch {
	case len(as) == 0 && len(bs) == 0 || len(shared(as, bs)) > 0:
		return Same
	case len(as) == 0 || len(bs) == 0:
		return Silent
	}
	return Changed
}

// addresses returns those that answered, in the order in which they did.
func (h *Hop) addresses() (all []netip.Addr) {
	if h == nil {
		return nil
	}
	for _, p := range h.Probes {
		if p.From.IsValid() && !slices.Contains(all, p.From) {
			all = append(all, p.From)
		}
	}
	return all
}

func shared(a, b []netip.Addr) (both []netip.Addr) {
	for _, addr := range a {
		if slices.Contains(b, addr) {
			both = append(both, addr)
		}
	}
	return both
}

// heard returns the hops up to the last that anybody answered from: behind that, how
// many were probed in vain says nothing of the path.
func heard(hops []Hop) []Hop {
	for len(hops) > 0 && len(hops[len(hops)-1].addresses()) == 0 {
		hops = hops[:len(hops)-1]
	}
	return hops
}
