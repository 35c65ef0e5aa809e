package multipath

import "slices"

// doubts works out what a hop leaves unsure, and by how much that lessens the
// confidence.
func (w *writer) doubts(s *survey, h *hop) {
	if s.lite(h) {
		w.liteDoubts(s, h)
	}
	for _, v := range h.vertices {
		w.vertexDoubts(s, v)
		switch {
		case v.branches() && !v.tested:
			s.doubt(v, w.why(Untested))
		case v.rounds == 2:
			s.doubt(v, Looped)
		case v.star() && h.missed > 0 && v.via.branches():
			s.doubt(v, Limited)
		}
	}
}

// vertexDoubts compares a vertex with what its stopping rule wants.
func (w *writer) vertexDoubts(s *survey, v *vertex) {
	i, known := w.of[v]
	if !known || s.lite(v.hop) || !s.expandable(v) {
		return
	}
	missed := missing(max(1, v.successors), v.flows)
	if w.Nodes[i].Missed == 0 {
		w.Nodes[i].Missed = missed
	}
	if v.flows < s.rule.probes(v.successors) {
		w.failing += missed
		w.short(s, v)
	}
}

// short notes that a vertex got too few flows, unless it is noted already.
func (w *writer) short(s *survey, v *vertex) {
	noted := slices.ContainsFunc(s.doubts, func(d Doubt) bool {
		return d.Hop == v.hop.ttl && d.Addr == v.addr && (d.Why == FewFlows || d.Why == NoFlows)
	})
	if !noted {
		s.doubt(v, w.why(FewFlows))
	}
}

// why returns why the run ended early, or else what is given.
func (w *writer) why(otherwise Reason) Reason {
	if w.spent != "" {
		return w.spent
	}
	return otherwise
}

// liteDoubts compares a hop with what the stopping rule wants of all of it.
func (w *writer) liteDoubts(s *survey, h *hop) {
	next := s.hop(h.ttl + 1)
	k := max(1, len(next.vertices))
	missed := missing(k, next.fair())
	if !s.elsewhere() {
		w.Lite = append(w.Lite, h.ttl)
		for _, v := range h.vertices {
			w.Nodes[w.of[v]].Missed = missed
		}
	}
	if next.fair() < s.rule.probes(k) {
		w.failing += missed
		s.doubt(&vertex{hop: h}, w.why(FewFlows))
	}
}
