package loss

import (
	"cmp"
	"slices"
	"time"
)

// Report is what became of the probes of a path.
type Report struct {
	// Verdicts are in order of TTL, those about no hop last.
	Verdicts []Verdict
	// All is over all hops up to the last that answered, silent ones included.
	All Count
	// Reordered is the number of answers, by TTL, that came after one to a
	// later probe.
	Reordered map[int]int
}

// judge is one judgement under way.
type judge struct {
	*Sum
	hops  []*hop // those that answered
	all   []*hop
	found []Verdict
	sum   Count
	done  map[*hop]bool // those with a verdict on their loss
}

// Judge says what the unanswered probes of a path mean, in this order:
//
//  1. probes that never left this host, and hops that never answer
//  2. hops that limit their answers by themselves
//  3. hops that lose more than those beyond
//  4. where packets begin to get lost, at one hop or several
//  5. what is left
func (s *Sum) Judge() Report {
	j := &judge{Sum: s, all: s.hops(), done: map[*hop]bool{}}
	j.local()
	j.silence()
	j.limits()
	j.beyond()
	j.starts(j.open())
	j.rest()
	slices.SortStableFunc(j.found, func(a, b Verdict) int { return cmp.Compare(key(a), key(b)) })
	return Report{j.found, j.sum, j.reordered()}
}

// key orders verdicts; those about no hop come last.
func key(v Verdict) int {
	if v.TTL == 0 {
		return 256
	}
	return v.TTL
}

func (j *judge) local() {
	var here Count
	for _, h := range j.all {
		here = here.plus(Count{h.local, h.Sent + h.local})
	}
	if here.Lost > 0 {
		j.found = append(j.found, Verdict{Kind: Local, Here: here})
	}
}

// silence sorts out the hops that never answer. Behind the last that does there is
// nothing to tell them from lost packets.
func (j *judge) silence() {
	last := -1
	for i, h := range j.all {
		if !h.silent() {
			last = i
		}
	}
	for i, h := range j.all[:last+1] {
		j.sum = j.sum.plus(h.Count)
		switch {
		case h.Sent == 0:
		case h.silent() && never(h, sum(j.all[i+1:last+1])):
			j.found = append(j.found, Verdict{Kind: Silent, TTL: h.ttl, Here: h.Count})
		default:
			j.hops = append(j.hops, h)
		}
	}
}

// never reports whether a hop that was silent is so by habit: that is so if it loses
// more than those beyond (Fisher's exact test, one-sided).
func never(h *hop, beyond Count) bool { return more(h.Count, beyond) <= Alpha/3 }

// open returns the hops whose loss is not explained yet, and those without.
func (j *judge) open() (hops []*hop) {
	for _, h := range j.hops {
		if !j.done[h] {
			hops = append(hops, h)
		}
	}
	return hops
}

// tell enters a verdict on a hop.
func (j *judge) tell(h *hop, v Verdict) {
	v.TTL, v.Here = h.ttl, h.Count
	v.Low, v.High = h.Interval()
	v.Paces = j.paces(h)
	j.found = append(j.found, v)
	j.done[h] = true
}

// paces sums up what a hop lost by pace, the slowest last; nil if there is one.
func (j *judge) paces(h *hop) (paces []Pace) {
	sums := map[time.Duration]Count{}
	for i, c := range h.paces {
		if c.Sent > 0 {
			sums[j.intervals[i]] = sums[j.intervals[i]].plus(c)
		}
	}
	if len(sums) < 2 {
		return nil
	}
	for interval, c := range sums {
		paces = append(paces, Pace{interval, c})
	}
	slices.SortFunc(paces, func(a, b Pace) int { return cmp.Compare(a.Interval, b.Interval) })
	return paces
}

// rest tells of loss that no test decided on.
func (j *judge) rest() {
	v := Verdict{Kind: Few}
	for _, h := range j.open() {
		if h.Lost > 0 {
			v.Hops = append(v.Hops, h.ttl)
			v.Here = v.Here.plus(h.Count)
		}
	}
	if v.Hops != nil {
		v.TTL = v.Hops[0]
		v.Low, v.High = v.Here.Interval()
		j.found = append(j.found, v)
	}
}

func (j *judge) reordered() map[int]int {
	var all map[int]int
	for _, h := range j.all {
		if h.overtaken > 0 {
			if all == nil {
				all = map[int]int{}
			}
			all[h.ttl] = h.overtaken
		}
	}
	return all
}
