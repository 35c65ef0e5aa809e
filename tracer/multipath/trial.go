package multipath

import "net/netip"

// balance is the test of a vertex with several successors: one flow is sent again
// and again, until it took two ways or as many took one as the stopping rule wants.
type balance struct {
	kind   Balance
	tested bool
	test   *spot // what is sent again
}

// testMost is how many times the probes wanted may be sent, for some to be answered.
const testMost = 4

// branches reports whether a vertex has several successors.
func (v *vertex) branches() bool { return v.successors > 1 }

// testStep sends the next probe of a vertex's test, or draws the conclusion.
func (s *survey) testStep(v *vertex) (sp *spot, done bool) {
	if at := s.alike(v); at != nil && !v.tested {
		return nil, s.adopt(v, at)
	}
	if !v.branches() || v.tested {
		return nil, true
	}
	if v.test == nil || s.pass(v.test.flow, v.hop.ttl) != v {
		v.test = s.testable(v)
	}
	if v.test == nil {
		return nil, false // nothing but silence as yet
	}
	return s.repeat(v)
}

func (s *survey) repeat(v *vertex) (sp *spot, done bool) {
	want := s.rule.probes(1)
	kind, more := verdict(s.addresses(v.test), want)
	switch {
	case more == 0:
		if kind == BalanceFlow && len(v.test.others) > 0 {
			s.doubt(v, Changed)
		}
		if kind == BalanceFlow && s.elsewhere() {
			kind = BalanceUnknown // each flow has a destination of its own
		}
		s.conclude(v, kind)
	case v.test.flying >= more, v.test.flying > 0 && v.test.hop.missed > 0:
		// enough are under way: where some are lost, one at a time
	case len(v.test.entries) >= testMost*want:
		s.conclude(v, BalanceUnknown)
		s.doubt(v, Untested)
	default:
		return s.again(v.test), false
	}
	return nil, false
}

// testable returns a spot behind v that was answered.
func (s *survey) testable(v *vertex) *spot {
	for _, f := range s.flows {
		if next := f.at(v.hop.ttl + 1); next != nil && next.first != nil && next.vertex != nil && s.pass(f, v.hop.ttl) == v {
			return next
		}
	}
	return nil
}

// verdict says what one flow's answers, in the order of the probes, tell of its
// balancer, and how many more are needed to tell: 0 if none. Coming back to an
// address after another, or a third one, is balancing per packet. One change alone
// may be the path's.
func verdict(heard []netip.Addr, want int) (kind Balance, more int) {
	changes, same := 0, 0
	for i, from := range heard {
		if i > 0 && from != heard[i-1] {
			changes++
			same = 0
		}
		same++
	}
	switch {
	case changes >= 2:
		return BalancePacket, 0
	case same >= want:
		return BalanceFlow, 0
	}
	return BalanceUnknown, want - same
}

// conclude ends a vertex's test.
func (s *survey) conclude(v *vertex, kind Balance) {
	v.tested, v.kind = true, kind
	if kind == BalancePacket {
		s.enclose(v, v.hop.ttl)
	}
	s.upset = true
}

// enclose makes the region behind a vertex.
func (s *survey) enclose(v *vertex, least int) {
	s.regions = append(s.regions, &region{head: v, to: v.hop.ttl, least: least})
	s.rebuild(v.hop.ttl + 1)
}

// untested reports whether a vertex waits for the test of one before it: where
// packets are balanced one by one, its flows mean nothing.
func (s *survey) untested(v *vertex) bool {
	before := s.hop(v.hop.ttl - 1)
	for i, n := range v.prev {
		if p := before.vertices[i]; n > 0 && p.branches() && !p.tested {
			return true
		}
	}
	return false
}
