package loss

import (
	"cmp"
	"slices"
)

// burstLevel is how likely a burst of answers may be by chance, for a hop whose answers
// are missing to be one that limits them.
const burstLevel = Alpha / 10

// minLost is the least number of lost probes that anything is concluded from.
const minLost = 2

// limits finds the hops that limit their answers, whatever those beyond do: the one
// with the clearest evidence first, so that it needs no more than the next (Holm 1979).
func (j *judge) limits() {
	var found []limit
	for _, h := range j.hops {
		if h.Lost >= minLost {
			p, by := j.ownLimit(h)
			found = append(found, limit{h, p, by})
		}
	}
	slices.SortStableFunc(found, func(a, b limit) int { return cmp.Compare(a.p, b.p) })
	for i, l := range found {
		if l.p > Alpha/3/float64(len(found)-i) {
			return
		}
		j.tell(l.hop, Verdict{Kind: Limits, P: l.p, Evidence: l.by})
	}
}

// limit is evidence that a hop limits its answers.
type limit struct {
	*hop
	p  float64
	by Evidence
}

// ownLimit returns the better of two tests, already paid for.
func (j *judge) ownLimit(h *hop) (p float64, by Evidence) {
	p, by = 2*j.byRate(h), ByRate
	for _, answered := range h.answered {
		if q := 2 * float64(len(h.answered)) * spaced(answered); q < p {
			p, by = q, BySpacing
		}
	}
	return p, by
}

// byRate compares the slowest pace with all others.
func (j *judge) byRate(h *hop) float64 {
	paces := j.paces(h)
	if paces == nil {
		return 1
	}
	var fast Count
	for _, p := range paces[:len(paces)-1] {
		fast = fast.plus(p.Count)
	}
	return more(fast, paces[len(paces)-1].Count)
}

// beyond finds hops that lose more than those beyond. It goes from the end of the
// path to its beginning, with the hops that lose alike pooled; where a hop loses
// less, packets get lost behind it, and it takes the place of the pool.
func (j *judge) beyond() {
	hops := j.open()
	if len(hops) == 0 {
		return
	}
	level := Alpha / 3 / float64(2*max(1, len(hops)-1))
	pool := hops[len(hops)-1].Count
	for i := len(hops) - 2; i >= 0; i-- {
		h := hops[i]
		switch p := more(h.Count, pool); {
		case p <= level && h.Lost >= minLost:
			j.tell(h, j.withheld(h, pool, p))
		case more(pool, h.Count) <= level:
			pool = h.Count
		default:
			pool = pool.plus(h.Count)
		}
	}
}

// withheld says why answers are missing that packets to hops beyond are not.
func (j *judge) withheld(h *hop, pool Count, p float64) Verdict {
	v := Verdict{Kind: Answers, Others: pool, P: p, Evidence: ByBeyond}
	if q := burstiness(h); q <= burstLevel {
		v.Kind, v.Evidence, v.P = Limits, ByBurst, q
	}
	return v
}

// burstiness is the least p-value of a burst of answers in any phase, paid for.
func burstiness(h *hop) float64 {
	p := 1.0
	for _, answered := range h.answered {
		p = min(p, float64(len(h.answered))*bursts(answered))
	}
	return p
}
