package paths

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/chance"
)

// Alpha is the probability with which packets that take paths by turns, at random,
// are taken for a path that changed.
const Alpha = 0.05

// Change is a change of the path.
type Change struct {
	// Hops are the TTLs that another address answers since, in order.
	Hops []int
	// From and To are who answered at the first of them, before and since.
	From, To netip.Addr
	// After and By bound its time: when the last probe to these hops was sent
	// that took the old path, and the first that took the new one.
	After, By time.Time
}

// Turns is a hop that several addresses answer from, by turns: packets are balanced
// one by one, or a router answers from several addresses.
type Turns struct {
	TTL       int
	Addresses []netip.Addr
	// Unsure means that the path may as well have changed: that there are too
	// few probes to tell.
	Unsure bool
}

// Report is what was seen of a path over time.
type Report struct {
	// Changes are in order of time, Turns in order of TTL.
	Changes []Change
	Turns   []Turns
}

// Compare finds out whether the path changed while hops were probed. A hop may be
// there several times. Changes are believed in if the hops that switch from one
// address to another, taken together, do so less often than chance would have it.
func Compare(hops []tracer.Hop) (r Report) {
	var candidates, others []sequence
	all := sequences(hops)
	for _, s := range all {
		if len(s.switches()) == 1 || s.chance() <= Alpha/float64(len(all)) {
			candidates = append(candidates, s)
		} else {
			others = append(others, s)
		}
	}
	if len(candidates) > 0 && together(candidates) <= Alpha {
		r.Changes = changes(candidates)
	} else {
		others = all
	}
	for _, s := range others {
		r.Turns = append(r.Turns, Turns{s.ttl, s.addresses(), len(s.switches()) == 1})
	}
	return r
}

// changes joins the switches of different hops that may be one: the times between
// the last old and the first new answer have to overlap.
func changes(all []sequence) (found []Change) {
	var single []Change
	for _, s := range all {
		for _, i := range s.switches() {
			before, since := s.seen[i-1], s.seen[i]
			single = append(single, Change{[]int{s.ttl}, before.from, since.from, before.at, since.at})
		}
	}
	slices.SortStableFunc(single, func(a, b Change) int { return a.By.Compare(b.By) })
	for _, c := range single {
		if n := len(found); n > 0 && c.After.Before(found[n-1].By) && !slices.Contains(found[n-1].Hops, c.Hops[0]) {
			found[n-1].join(c)
			continue
		}
		found = append(found, c)
	}
	return found
}

// join takes in what changed at another hop at the same time.
func (c *Change) join(o Change) {
	if o.Hops[0] < c.Hops[0] {
		c.From, c.To = o.From, o.To
	}
	c.Hops = append(c.Hops, o.Hops...)
	slices.SortFunc(c.Hops, cmp.Compare[int])
	if o.After.After(c.After) {
		c.After = o.After
	}
}

// together is the chance of all that several hops show.
func together(all []sequence) float64 {
	ps := make([]float64, len(all))
	for i, s := range all {
		ps[i] = s.chance()
	}
	return chance.Together(ps)
}
