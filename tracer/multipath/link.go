package multipath

import "slices"

// links enters the links from a vertex that flows were seen on.
func (w *writer) links(s *survey, v *vertex) {
	next := s.hop(v.hop.ttl + 1)
	for i, flows := range v.next {
		if flows > 0 {
			w.link(s, v, next.vertices[i], true)
		}
	}
}

// link enters a link, or more about it.
func (w *writer) link(s *survey, from, to *vertex, sure bool) {
	a, fromKnown := w.of[from]
	b, toKnown := w.of[to]
	if !fromKnown || !toKnown {
		return
	}
	l := Link{From: a, To: b, Sure: sure, Elsewhere: s.elsewhere()}
	at := slices.IndexFunc(w.Links, func(o Link) bool { return o.From == l.From && o.To == l.To })
	if at < 0 {
		at = len(w.Links)
		w.Links = append(w.Links, l)
	}
	w.Links[at].Sure = w.Links[at].Sure || l.Sure
	if s.elsewhere() || !l.Sure {
		return
	}
	for _, sp := range to.spots {
		if s.pass(sp.flow, from.hop.ttl) == from {
			w.Links[at].Flows = append(w.Links[at].Flows, sp.flow.number)
		}
	}
	slices.Sort(w.Links[at].Flows)
}

// looseLinks enters the links that may be inside of a region, up to and with those
// to where its ways have met, which are sure.
func (w *writer) looseLinks(s *survey, r *region) {
	for ttl := r.head.hop.ttl + 1; ttl <= r.to && s.hop(ttl+1) != nil; ttl++ {
		fr := s.front(r, ttl+1)
		behind, met := fr.vertices, fr.flows >= s.need(r, ttl+1, fr)
		for _, from := range s.front(r, ttl).going {
			for _, to := range behind {
				w.link(s, from, to, met && len(behind) == 1)
			}
		}
		if len(behind) > 1 {
			s.doubt(r.head, Loose)
		}
	}
}
