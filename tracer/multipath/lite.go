package multipath

// lite reports whether MDA-Lite will do for a hop: it has several vertices, all of
// them routers that answer and forward, of diamonds not found to be meshed or
// uneven. At a single vertex both are the same.
func (s *survey) lite(h *hop) bool {
	if s.cfg.Full || len(h.vertices) < 2 || h.ttl >= s.shortest {
		return false
	}
	for _, v := range h.vertices {
		if v.star() || v.ended > 0 || v.going < len(v.spots) || !s.expandable(v) {
			return false
		}
	}
	return !s.crooked(h)
}

// crooked reports whether a hop of the same diamond is.
func (s *survey) crooked(h *hop) bool {
	for _, step := range []int{-1, 1} {
		for at := h; at != nil && len(at.vertices) > 1; at = s.hop(at.ttl + step) {
			if at.crooked {
				return true
			}
		}
	}
	return false
}

// liteStep is MDA-Lite at a hop:
//
//  1. one flow of each vertex is asked for at the next hop, then others, until
//     the stopping rule is content with the vertices found there, all together;
//  2. every vertex there gets a predecessor (see parents);
//  3. enough flows of each vertex of the wider hop are followed to see whether
//     the two are meshed;
//  4. what contradicts a uniform diamond without meshes makes this MDA's.
func (s *survey) liteStep(h *hop) (sp *spot, done bool) {
	for _, step := range []func(*hop) (*spot, bool){s.spread, s.sweep, s.parents, s.meshTest} {
		if sp, done = step(h); sp != nil || !done {
			return sp, false
		}
	}
	if s.judge(h); h.crooked {
		s.upset = true
	}
	return nil, !h.crooked
}

// spread has one flow of each vertex asked for at the next hop.
func (s *survey) spread(h *hop) (*spot, bool) {
	return each(h.vertices, func(v *vertex) (*spot, bool) {
		if v.forth+v.pending > 0 || v.unasked == nil {
			return nil, v.pending == 0
		}
		return s.ask(v.unasked, h.ttl+1), false
	})
}

// sweep has flows asked for at the next hop until its vertices are found.
func (s *survey) sweep(h *hop) (*spot, bool) {
	next := s.hop(h.ttl + 1)
	need := s.rule.probes(len(next.vertices))
	known := next.fair()
	switch {
	case known >= need || h.vertices[0].givenUp:
		return nil, true
	case known+next.pending >= need:
		return nil, false
	}
	if f := h.unasked(); f != nil {
		return s.ask(f, next.ttl), false
	}
	if s.settled {
		return s.fresh(h.vertices[0], next.ttl), false
	}
	return nil, false
}

// unasked returns the first flow seen at the hop that was not asked for at the next.
func (h *hop) unasked() (first *flow) {
	for _, v := range h.vertices {
		if f := v.unasked; f != nil && (first == nil || f.number < first.number) {
			first = f
		}
	}
	return first
}

// fair returns the number of spots that are a fair sample of the hop.
func (h *hop) fair() (n int) {
	for _, sp := range h.spots {
		if sp.vertex != nil && !sp.chosen {
			n++
		}
	}
	return n
}
