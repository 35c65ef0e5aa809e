package multipath

// relateAll works out the relations of all vertices.
func (s *survey) relateAll() {
	for _, h := range s.hops {
		for _, v := range h.vertices {
			s.relate(v)
		}
	}
}

// relate works out the relations of a vertex if they are stale.
func (s *survey) relate(v *vertex) {
	if !v.stale {
		return
	}
	v.relations = relations{
		next: s.counts(v.next, v.hop.ttl+1),
		prev: s.counts(v.prev, v.hop.ttl-1),
	}
	if v == s.single(v.hop) {
		for _, f := range s.flows {
			s.relateNext(v, f)
		}
	} else {
		for _, sp := range v.spots {
			s.relateNext(v, sp.flow)
		}
	}
	for _, sp := range v.spots {
		s.relatePrev(v, sp)
	}
	v.successors, v.forth = sumUp(v.next)
	v.predecessors, _ = sumUp(v.prev)
	v.rounds = s.countRounds(v)
}

// counts returns a zero for each vertex of a hop, in the memory given if it will do.
func (s *survey) counts(memory []int, ttl int) []int {
	h := s.hop(ttl)
	if h == nil {
		return nil
	}
	if cap(memory) < len(h.vertices) {
		return make([]int, len(h.vertices), 2*len(h.vertices))
	}
	memory = memory[:len(h.vertices)]
	clear(memory)
	return memory
}

// relateNext enters where a flow goes from v, if it does pass there.
func (s *survey) relateNext(v *vertex, f *flow) {
	if v.hop.ttl >= s.cfg.MaxTTL || s.pass(f, v.hop.ttl) != v {
		return
	}
	here, next := f.at(v.hop.ttl), f.at(v.hop.ttl+1)
	switch {
	case next == nil:
		if v.unasked == nil {
			v.unasked = f
		}
	case !next.resolved():
		v.pending++
	case next.vertex != nil:
		next.passes(func(w *vertex) { v.next[w.index]++ })
		if here == nil || !here.chosen || v == s.single(v.hop) {
			v.flows++
		}
	}
}

// relatePrev enters where the flow of a spot at v comes from.
func (s *survey) relatePrev(v *vertex, sp *spot) {
	f, before := sp.flow, v.hop.ttl-1
	if f.over(v.hop.ttl) {
		v.ended++
	} else if !s.loose(f, v.hop.ttl) {
		v.going++
	}
	prev := f.at(before)
	from := s.pass(f, before)
	if from != nil {
		v.prev[from.index]++
	}
	switch {
	case prev == nil && from != s.root:
		if v.untraced == nil {
			v.untraced = f
		}
	case from == s.root || prev.vertex != nil:
		v.back++
	case !prev.resolved():
		v.backPending++
	}
}

// sumUp returns how many counts are not zero, and their sum.
func sumUp(counts []int) (n, sum int) {
	for _, c := range counts {
		if c > 0 {
			n++
		}
		sum += c
	}
	return n, sum
}
