package multipath

import "math"

// meshTest follows flows of each vertex of the wider one of a hop and the next: if
// the two are not meshed, all flows of a vertex there go the same way.
func (s *survey) meshTest(h *hop) (*spot, bool) {
	next := s.hop(h.ttl + 1)
	wide := max(len(h.vertices), len(next.vertices))
	if len(next.vertices) < 2 {
		return nil, true
	}
	phi := s.phi(wide)
	if len(next.vertices) == wide && len(h.vertices) < wide {
		return each(next.vertices, func(v *vertex) (*spot, bool) { return s.backward(v, phi) })
	}
	return each(h.vertices, func(v *vertex) (*spot, bool) { return s.forward(v, phi) })
}

// phi returns how many flows of each vertex show a mesh. Vermeulen et al. take 2;
// here it is what misses, with the probability that a vertex may, a mesh in which
// half the vertices of the wider hop have a second link.
func (s *survey) phi(wide int) int {
	second := float64((wide + 1) / 2)
	return max(2, 1+int(math.Ceil(-math.Log2(s.rule.epsilon)/second)))
}

// forward has as many flows of a vertex asked for at the next hop.
func (s *survey) forward(v *vertex, flows int) (sp *spot, done bool) {
	switch lacking := flows - v.forth - v.pending; {
	case v.forth >= flows || v.givenUp:
		return nil, true
	case lacking <= 0:
		return nil, false
	case v.unasked != nil:
		return s.ask(v.unasked, v.hop.ttl+1), false
	case s.settled:
		return s.more(v, lacking), false
	}
	return nil, false
}

// judge draws the conclusion about a hop and the next.
func (s *survey) judge(h *hop) {
	next := s.hop(h.ttl + 1)
	least, most := extremes(h.vertices, func(v *vertex) int { return v.successors })
	fewest, greatest := extremes(next.vertices, func(v *vertex) int { return v.predecessors })
	uneven := least != most || fewest != greatest
	meshed := len(next.vertices) >= len(h.vertices) && greatest > 1 || len(h.vertices) >= len(next.vertices) && most > 1
	h.crooked = uneven || meshed
	for _, v := range next.vertices {
		h.crooked = h.crooked || v.star() || v.ended > 0 && len(next.vertices) > 1
	}
}

func extremes(vertices []*vertex, of func(*vertex) int) (least, most int) {
	least = math.MaxInt
	for _, v := range vertices {
		least, most = min(least, of(v)), max(most, of(v))
	}
	return least, most
}
