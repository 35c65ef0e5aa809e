package multipath

import "math"

// want is what plain MDA needs of a vertex: how many flows through it, of all that
// come by the share that do.
type want struct {
	flows int
	part  float64
}

// theory returns how many probes plain MDA sends, at the mean, for the graph that
// was found (Veitch et al., section III; Vermeulen et al., section 2.3). At each hop
// these are those that the stopping rule wants from the vertices before, or more if
// they don't bring each vertex of the hop the flows that it needs itself: then
// flows are added until they do, as in the coupon collector's problem.
func theory(s *survey) (probes float64) {
	rule := s.ruleFor(s.mayBranch())
	parts := map[*vertex]float64{s.root: 1}
	for _, h := range s.hops[:len(s.hops)-1] {
		next := s.hop(h.ttl + 1)
		sent := 0
		for _, v := range h.vertices {
			if s.expandable(v) {
				sent += rule.probes(v.successors)
			}
			for i, flows := range v.next {
				if flows > 0 {
					parts[next.vertices[i]] += parts[v] / float64(v.successors)
				}
			}
		}
		probes += atLeast(float64(sent), s.wants(next, rule, parts))
	}
	return probes
}

// wants returns what the vertices of a hop need, if there are several: all flows
// pass the only one of a hop.
func (s *survey) wants(h *hop, rule *rule, parts map[*vertex]float64) (all []want) {
	if len(h.vertices) < 2 {
		return nil
	}
	for _, v := range h.vertices {
		if s.expandable(v) && parts[v] > 0 {
			all = append(all, want{rule.probes(v.successors), parts[v]})
		}
	}
	return all
}

// atLeast returns the mean number of flows until all have what they want, but no
// less than those sent anyway. Flows are taken to come at random times, one in a
// unit: the mean time is then the mean number, and wants are independent.
func atLeast(sent float64, all []want) float64 {
	const step = 0.5
	mean, times := sent, group(all)
	for t := sent; ; t += step {
		content := 1.0
		for w, n := range times {
			content *= math.Pow(arrived(w.flows, w.part*(t+step/2)), float64(n))
		}
		mean += step * (1 - content)
		if content > 1-1e-6 || t > 1e6 {
			return mean
		}
	}
}

// group counts wants that are alike.
func group(all []want) map[want]int {
	times := map[want]int{}
	for _, w := range all {
		times[w]++
	}
	return times
}

// arrived returns the probability of n arrivals or more where mean are expected.
func arrived(n int, mean float64) float64 {
	term, less := math.Exp(-mean), 0.0
	for i := range n {
		less += term
		term *= mean / float64(i+1)
	}
	return max(0, 1-less)
}
