package multipath

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// neighbours returns the survey of the ways to the target's neighbours, one flow to
// each, which differ in the destination alone. Where it finds several successors
// and the survey of the target one, packets are balanced per destination.
func (r *run) neighbours(ways *survey) *survey {
	targets := around(r.cfg.Flow.Target, r.cfg.Destinations)
	s := newSurvey(r.cfg, func(n int) probe.Flow {
		f := r.cfg.Flow
		f.Target = targets[n]
		return f
	}, len(targets))
	s.confidence, s.ways = ways.confidence, ways
	return s
}

// alike returns the vertex that the survey of the target has for v; nil: none.
func (s *survey) alike(v *vertex) *vertex {
	if s.ways == nil || v.star() {
		return nil
	}
	at := s.ways.hop(v.hop.ttl).known[v.addr]
	if at == nil || len(at.spots) == 0 {
		return nil
	}
	return at
}

// adopt ends a vertex's test, if it needs one, with what the survey of the target
// found out about it. done reports whether there was nothing to do.
func (s *survey) adopt(v, at *vertex) (done bool) {
	switch {
	case at.kind == BalancePacket:
		v.tested, v.kind, s.upset = true, BalancePacket, true
		s.enclose(v, s.ways.reach(at))
	case !v.branches():
		return true
	case at.kind == BalanceNone:
		s.conclude(v, BalanceDestination)
	default:
		s.conclude(v, at.kind)
	}
	return false
}

// reach returns how far the region behind a vertex goes.
func (s *survey) reach(head *vertex) int {
	for _, r := range s.regions {
		if r.head == head {
			return r.to
		}
	}
	return head.hop.ttl
}

// elsewhere reports whether the flows go to the target's neighbours.
func (s *survey) elsewhere() bool { return s.ways != nil }

// number returns what probes of a flow are marked with: its number, negative for
// flows to a neighbour of the target.
func (s *survey) number(f *flow) int {
	if s.elsewhere() {
		return -f.number
	}
	return f.number
}

// around returns an address and up to n of its neighbours, which have the same first
// 24 bits, over IPv6 the same first 120: what routers have one route for. Those that
// end in 0 and 255 are left out, as they may be nobody's.
func around(target netip.Addr, n int) []netip.Addr {
	all := []netip.Addr{target}
	bytes := target.AsSlice()
	last := &bytes[len(bytes)-1]
	for range 255 {
		*last++
		if len(all) <= n && *last != 0 && *last != 255 {
			neighbour, _ := netip.AddrFromSlice(bytes)
			all = append(all, neighbour)
		}
	}
	return all
}
