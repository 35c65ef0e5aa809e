package multipath

// parents asks where the vertices behind a hop come from, if that is not known of
// one of their flows.
func (s *survey) parents(h *hop) (*spot, bool) {
	return each(s.hop(h.ttl+1).vertices, func(v *vertex) (*spot, bool) {
		return s.backward(v, 1)
	})
}

// backward has as many of a vertex's flows asked for at the hop before.
func (s *survey) backward(v *vertex, flows int) (sp *spot, done bool) {
	switch {
	case v.back >= flows || v.givenUp || s.adrift(v):
		return nil, true
	case v.back+v.backPending >= flows:
		return nil, false
	case v.untraced != nil:
		sp = s.ask(v.untraced, v.hop.ttl-1)
		if sp != nil {
			sp.chosen = true
		}
		return sp, false
	case flows > 1 && s.settled:
		return s.more(v, flows-v.back-v.backPending), false
	}
	return nil, flows == 1
}

// adrift reports whether all flows at a vertex are in regions, or come from one.
func (s *survey) adrift(v *vertex) bool {
	for _, sp := range v.spots {
		if !s.loose(sp.flow, v.hop.ttl-1) && !s.loose(sp.flow, v.hop.ttl) {
			return false
		}
	}
	return true
}
