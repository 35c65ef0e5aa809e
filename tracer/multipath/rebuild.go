package multipath

// rebuild enters anew all spots from a TTL on.
func (s *survey) rebuild(ttl int) {
	s.forget(ttl)
	for at := ttl; s.hop(at) != nil; at++ {
		for _, sp := range s.hop(at).spots {
			if sp.resolved() {
				s.enter(sp)
			}
		}
	}
	for _, h := range s.hops {
		for _, v := range h.vertices {
			v.stale = true
		}
	}
}

// forget takes out what was entered from a TTL on.
func (s *survey) forget(ttl int) {
	s.shortest = endless
	for _, h := range s.hops {
		if h.ttl < ttl && h.ends > 0 {
			s.shortest = min(s.shortest, h.ttl)
		}
		if h.ttl >= ttl {
			h.clear()
		}
	}
	for _, f := range s.flows {
		if f.end >= ttl {
			f.end = 0
		}
	}
}

// touch marks what depends on a spot.
func (s *survey) touch(sp *spot) {
	for ttl := sp.hop.ttl - 1; ttl <= sp.hop.ttl+1; ttl++ {
		h := s.hop(ttl)
		if h == nil {
			continue
		}
		if at := sp.flow.at(ttl); at != nil {
			at.passes(func(v *vertex) { v.stale = true })
		}
		if v := s.single(h); v != nil {
			v.stale = true
		}
	}
}
