package multipath

// fullStep is MDA at the vertices of a hop, each for itself.
func (s *survey) fullStep(h *hop) (sp *spot, done bool) {
	done = true
	lacking := 0
	var poor *vertex
	for _, v := range h.vertices {
		sp, lacks, ok := s.vertexStep(v)
		if sp != nil {
			return sp, false
		}
		done = done && ok
		if lacks > 0 && poor == nil {
			poor = v
		}
		lacking += lacks
	}
	if poor != nil && s.settled {
		return s.more(poor, lacking), false
	}
	return nil, done
}

// vertexStep asks for the next hop of a flow that passes a vertex, while the
// stopping rule wants more; lacks is how many it wants when no flow is left.
func (s *survey) vertexStep(v *vertex) (sp *spot, lacks int, done bool) {
	if !s.expandable(v) || v.givenUp {
		return nil, 0, true
	}
	need := s.rule.probes(v.successors)
	switch known := v.flows + v.pending; {
	case v.flows >= need:
		return nil, 0, true
	case known >= need:
		return nil, 0, false
	case v.unasked != nil:
		return s.ask(v.unasked, v.hop.ttl+1), 0, false
	default:
		return nil, need - known, false
	}
}

// more is node control: it asks for a spot that may bring another flow through v.
// No more than are lacking are under way at a time, all of which would be needed
// whatever the answers.
func (s *survey) more(v *vertex, lacking int) *spot {
	switch {
	case v == s.single(v.hop) && s.inferable(v):
		return s.fresh(v, v.hop.ttl+1)
	case v.givenUp || v.hop.pending >= lacking:
		return nil
	case s.hopeless(v) || v.star() && v.via.givenUp:
		return s.giveUp(v, FewFlows)
	case !v.star():
		return s.control(v)
	}
	if s.relate(v.via); v.via.unasked != nil {
		return s.ask(v.via.unasked, v.hop.ttl)
	}
	return s.more(v.via, lacking)
}

// inferable reports whether a flow that nothing is known of can be taken to pass v,
// which is the only vertex of its hop.
func (s *survey) inferable(v *vertex) bool {
	return !v.star() || v.via == s.single(v.via.hop) && s.inferable(v.via)
}

// control asks for a flow at the hop of v: one that is known to come by a vertex
// before v, or of which nothing is known there. Where regions reach as far, it first
// has to be seen to go around them.
func (s *survey) control(v *vertex) *spot {
	for _, f := range s.flows {
		if f.at(v.hop.ttl) == nil && s.mayPass(f, v) {
			return s.ask(f, v.hop.ttl)
		}
	}
	ttl := v.hop.ttl
	for _, r := range s.regions {
		if r.head.hop.ttl < ttl && v.hop.ttl <= r.to {
			ttl = r.head.hop.ttl
		}
	}
	if s.hop(ttl).pending > 0 && ttl < v.hop.ttl {
		return nil
	}
	return s.fresh(v, ttl)
}

// mayPass reports whether a flow not asked for at the hop of v may pass there.
func (s *survey) mayPass(f *flow, v *vertex) bool {
	before := v.hop.ttl - 1
	if f.over(before) || s.loose(f, v.hop.ttl) {
		return false
	}
	if p := s.pass(f, before); p != nil {
		return p.index < len(v.prev) && v.prev[p.index] > 0
	}
	return f.at(before) == nil || s.loose(f, before)
}

// fresh asks for a new flow at a TTL, for the sake of v.
func (s *survey) fresh(v *vertex, ttl int) *spot {
	if !s.ready(s.hop(ttl)) {
		return nil
	}
	f := s.newFlow()
	if f == nil {
		return s.giveUp(v, NoFlows)
	}
	return s.ask(f, ttl)
}

// hopeless reports whether flows have stopped coming to a vertex: of those that might
// have, nine times as many as had to be tried for the last one, and some more, did not.
func (s *survey) hopeless(v *vertex) bool {
	tried, last := 0, 0
	for _, sp := range v.hop.spots {
		if !sp.resolved() || v.star() && s.pass(sp.flow, v.hop.ttl-1) != v.via {
			continue
		}
		if tried++; sp.vertex == v {
			last = tried
		}
	}
	return tried > 10*last+32
}

// giveUp leaves a vertex as it is known by now.
func (s *survey) giveUp(v *vertex, why Reason) *spot {
	v.givenUp, s.upset = true, true
	s.doubt(v, why)
	return nil
}
