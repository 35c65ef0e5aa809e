package multipath

import "slices"

// region is what lies behind a vertex that balances per packet, up to where all its
// ways have met. There a flow takes another way each time, so that two of its spots
// say nothing about a link; only whether an interface is there can be told.
type region struct {
	head *vertex
	to   int // the last TTL inside
	// least is what to is at the least, as an earlier survey found.
	least int
}

// inside returns the region that a flow is known to be in at a TTL; nil: none.
func (s *survey) inside(f *flow, ttl int) *region {
	for _, r := range s.regions {
		if r.reaches(ttl) && s.pass(f, r.head.hop.ttl) == r.head {
			return r
		}
	}
	return nil
}

// begins reports whether a region has its head at a TTL.
func (s *survey) begins(ttl int) bool {
	return slices.ContainsFunc(s.regions, func(r *region) bool { return r.head.hop.ttl == ttl })
}

func (r *region) reaches(ttl int) bool { return r.head.hop.ttl < ttl && ttl <= r.to }

// loose reports whether a flow may be in a region at a TTL: it is known to, or it is
// not known where it was when others came in.
func (s *survey) loose(f *flow, ttl int) bool {
	for _, r := range s.regions {
		if at := r.head.hop.ttl; r.reaches(ttl) && !f.over(at) {
			if p := s.pass(f, at); p == nil || p == r.head {
				return true
			}
		}
	}
	return false
}

// front is what is known of the hop at which the flows of a region are at a TTL.
type front struct {
	vertices       []*vertex
	going          []*vertex // those that packets were seen to go on from
	flows, pending int       // known, and being asked for
	unasked        *flow     // not asked for at this TTL
}

func (s *survey) front(r *region, ttl int) (fr front) {
	for _, f := range s.flows {
		if s.pass(f, r.head.hop.ttl) != r.head || f.over(ttl-1) {
			continue
		}
		switch sp := f.at(ttl); {
		case sp == nil:
			if fr.unasked == nil {
				fr.unasked = f
			}
		case !sp.resolved():
			fr.pending++
		case sp.vertex != nil:
			fr.flows++
			fr.add(sp)
		}
	}
	return fr
}

func (fr *front) add(sp *spot) {
	if !sp.final && !slices.Contains(fr.going, sp.vertex) {
		fr.going = append(fr.going, sp.vertex)
	}
	sp.passes(func(v *vertex) {
		if !slices.Contains(fr.vertices, v) {
			fr.vertices = append(fr.vertices, v)
		}
	})
}

// fitRegions makes the regions as long as is known by now.
func (s *survey) fitRegions() {
	for i := 0; i < len(s.regions); i++ {
		r := s.regions[i]
		to := r.head.hop.ttl
		for s.hop(to+1) != nil && (to < r.least || len(s.front(r, to+1).vertices) > 1) {
			to++
		}
		if to != r.to {
			r.to = to
			s.rebuild(r.head.hop.ttl + 1)
		}
	}
}

// need returns how many flows of a region are wanted at a TTL. As vertices cannot be
// told apart by flow there, the stopping rule is for all of a hop together, as if the
// same share of packets came to each; and as if there were as many as before, since
// that share may be small.
func (s *survey) need(r *region, ttl int, at front) int {
	before := len(s.front(r, ttl-1).vertices)
	return s.rule.probes(max(before, len(at.vertices)))
}

// regionStep asks for more of what follows inside of a region.
func (s *survey) regionStep(r *region) (sp *spot, done bool) {
	done = true
	for ttl := r.head.hop.ttl + 1; ttl <= r.to && ttl < s.cfg.MaxTTL; ttl++ {
		sp, ok := s.frontStep(r, ttl)
		if sp != nil {
			return sp, false
		}
		done = done && ok
	}
	return nil, done
}

// frontStep asks for what follows one hop of a region.
func (s *survey) frontStep(r *region, ttl int) (sp *spot, done bool) {
	next := s.front(r, ttl+1)
	lacking := s.need(r, ttl+1, next) - next.flows
	switch {
	case lacking <= 0 || r.head.givenUp || s.allOver(r, ttl):
		return nil, true
	case next.pending >= lacking:
		return nil, false
	case next.unasked != nil:
		return s.ask(next.unasked, ttl+1), false
	case s.settled:
		return s.more(r.head, lacking-next.pending), false
	}
	return nil, false
}

// allOver reports whether everything that was seen of a region's flows at a TTL was
// their end.
func (s *survey) allOver(r *region, ttl int) bool {
	for _, f := range s.flows {
		sp := f.at(ttl)
		if sp != nil && sp.resolved() && !sp.final && s.pass(f, r.head.hop.ttl) == r.head {
			return false
		}
	}
	return true
}
