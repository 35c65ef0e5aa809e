package loss

import "github.com/ebpftrace/ebpftrace/tracer/chance"

// starts finds where packets begin to get lost.
func (j *judge) starts(hops []*hop) {
	if len(hops) == 0 {
		return
	}
	at := append(cuts(hops, Alpha/3), len(hops))
	j.base(hops, at[0])
	for i, from := range at[:len(at)-1] {
		before := 0
		if i > 0 {
			before = at[i-1]
		}
		j.tellStart(hops[before:from], hops[from:], at[i+1]-from)
	}
}

// cuts returns the indices from which on hops lose more than those before: where
// the difference is clearest, if it is clear, and then on either side of that.
func cuts(hops []*hop, level float64) []int {
	at, p := split(hops)
	if at == 0 || p > level/float64(len(hops)-1) {
		return nil
	}
	all := append(cuts(hops[:at], level/2), at)
	for _, later := range cuts(hops[at:], level/2) {
		all = append(all, at+later)
	}
	return all
}

// split returns the index at which the loss of the hops from there on exceeds that
// of those before most clearly, and how clearly; 0: nowhere.
func split(hops []*hop) (at int, p float64) {
	p = 1
	for i := 1; i < len(hops); i++ {
		if q := more(sum(hops[i:]), sum(hops[:i])); q < p {
			at, p = i, q
		}
	}
	return at, p
}

func sum(hops []*hop) (c Count) {
	for _, h := range hops {
		c = c.plus(h.Count)
	}
	return c
}

// tellStart enters the loss that begins between two groups of hops: of those from
// there on, the first n lose alike.
func (j *judge) tellStart(before, from []*hop, n int) {
	v := Verdict{Kind: Loss, Others: sum(before), Evidence: ByBefore}
	here := sum(from[:n])
	v.P = more(here, v.Others)
	last := latest(from[:n], v.Others)
	v.First, v.Last = from[0].ttl, from[last].ttl
	if ttl := earliest(before, sum(from[:last+1])); ttl > 0 {
		v.First = ttl
	}
	if lonely(from) || burst(from) {
		v.Kind = Unclear
	}
	j.enter(from[:n], v)
}

// lonely reports whether the loss shows at one hop only, so that its answers may be
// what is lost.
func lonely(from []*hop) bool {
	n := 0
	for _, h := range from {
		if h.Lost > 0 {
			n++
		}
	}
	return n < 2 || from[len(from)-1].Lost == 0
}

// burst reports whether answers come first and silence later, so that the hops may
// limit their answers, all of them alike, or the path have broken.
// The tests of all hops are taken together.
func burst(from []*hop) bool {
	ps := make([]float64, len(from))
	for i, h := range from {
		ps[i] = burstiness(h)
	}
	return chance.Together(ps) <= Alpha/3
}

// enter enters a verdict on all of some hops, and shows it at the first.
func (j *judge) enter(hops []*hop, v Verdict) {
	v.TTL, v.Here = hops[0].ttl, sum(hops)
	v.Low, v.High = v.Here.Interval()
	v.Paces = j.paces(hops[0])
	j.found = append(j.found, v)
	for _, h := range hops {
		j.done[h] = true
	}
}
