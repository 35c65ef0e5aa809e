package multipath

import (
	"net/netip"
	"slices"
)

// place enters a spot that has been resolved, and what now can be said of the
// flow's next one.
func (s *survey) place(sp *spot) {
	h, f := sp.hop, sp.flow
	alone, shortest, end := s.single(h), s.shortest, f.end
	s.enter(sp)
	switch {
	case f.end != end && len(f.spots) > h.ttl+1:
		s.rebuild(h.ttl) // what seemed to be further on is beyond the end
		return
	case sp.vertex == nil:
		return
	}
	s.touch(sp)
	switch next := f.after(h.ttl); {
	case s.shortest < shortest:
		s.rebuild(s.shortest) // flows may have ended that were taken to go on
	case alone != nil && s.single(h) != alone:
		s.rebuild(h.ttl + 1) // not all flows pass that vertex after all
	case next != nil && s.begins(h.ttl):
		s.rebuild(h.ttl + 1) // now it is known whether the flow is in a region
	case next != nil && next.hop.ttl == h.ttl+1 && next.resolved() && next.vertex == nil:
		s.place(next)
	}
}

// enter puts a spot to its vertices.
func (s *survey) enter(sp *spot) {
	f, ttl := sp.flow, sp.hop.ttl
	if sp.final && !f.over(ttl) && !s.loose(f, ttl) {
		f.end = ttl
	}
	sp.vertex = s.locate(sp)
	if sp.vertex == nil {
		return
	}
	s.add(sp, sp.vertex)
	if f.over(ttl) {
		sp.hop.ends++
		s.shortest = min(s.shortest, ttl)
	}
	for _, e := range sp.heard() {
		v := sp.hop.interfaceAt(s.from(e))
		if v != sp.vertex && !s.final(e) && !slices.Contains(sp.others, v) {
			sp.others = append(sp.others, v)
			s.add(sp, v)
		}
	}
}

func (s *survey) add(sp *spot, v *vertex) {
	if sp.hop.enter(v, sp) {
		v.stale = true
	}
	if sp.first != nil && sp.hop.ttl > s.heard {
		s.heard = sp.hop.ttl
	}
}

// from returns the address that answered. A neighbour of the target stands for it.
func (s *survey) from(e *entry) netip.Addr {
	if e.Answer.From == e.For.flow.flow.Target {
		return s.cfg.Flow.Target
	}
	return e.Answer.From
}

// addresses returns the addresses that answered a spot, in the order of the probes.
func (s *survey) addresses(sp *spot) (from []netip.Addr) {
	for _, e := range sp.heard() {
		from = append(from, s.from(e))
	}
	return from
}

// locate returns where a resolved spot is. Answers from beyond the flow's end are
// nowhere, and so are those that end a flow which may have ended before, and
// silences behind nobody knows what.
func (s *survey) locate(sp *spot) *vertex {
	f, ttl := sp.flow, sp.hop.ttl
	switch {
	case f.over(ttl - 1), sp.final && !s.goesOn(f, ttl-1):
		return nil
	case sp.first != nil:
		return sp.hop.interfaceAt(s.from(sp.first))
	}
	via := s.pass(f, ttl-1)
	if r := s.inside(f, ttl-1); r != nil {
		via = r.head
	}
	if via == nil {
		return nil
	}
	return sp.hop.starBehind(via)
}
