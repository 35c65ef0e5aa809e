package multipath

// pass returns the vertex that a flow goes on from at a TTL: where it was seen or,
// if it was not asked for there, the only one that there is. nil: it is not known,
// the flow ends, or it takes a different way each time.
func (s *survey) pass(f *flow, ttl int) *vertex {
	switch {
	case f.over(ttl):
		return nil
	case ttl == s.root.hop.ttl:
		return s.root
	case s.loose(f, ttl):
		return nil
	}
	if sp := f.at(ttl); sp != nil {
		return sp.vertex
	}
	return s.inferred(f, ttl)
}

// single returns the only vertex of a hop, through which all flows pass; nil: there
// are several, or none, or flows have ended before or there.
func (s *survey) single(h *hop) *vertex {
	if len(h.vertices) != 1 || h.ttl >= s.shortest {
		return nil
	}
	return h.vertices[0]
}

func (s *survey) inferred(f *flow, ttl int) *vertex {
	v := s.single(s.hop(ttl))
	if v != nil && v.star() && s.pass(f, ttl-1) != v.via {
		return nil
	}
	return v
}

// goesOn reports whether a flow can be taken to go on from a TTL: it was seen to,
// or all do.
func (s *survey) goesOn(f *flow, ttl int) bool {
	if r := s.inside(f, ttl); r != nil {
		return !s.allOver(r, ttl)
	}
	if sp := f.at(ttl); sp != nil && !sp.resolved() {
		return false
	}
	return s.pass(f, ttl) != nil || ttl < s.shortest && !s.loose(f, ttl)
}
