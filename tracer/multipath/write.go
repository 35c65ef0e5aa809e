package multipath

import (
	"net/netip"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// writer puts surveys into a Result.
type writer struct {
	*Result
	of      map[*vertex]int
	at      map[place]int
	spent   Reason
	failing float64 // how much the confidence reached is less than that wanted
}

// place is what makes vertices of two surveys the same.
type place struct {
	hop  int
	addr netip.Addr
	via  int // the node that a star is behind; else -1
}

func (w *writer) write(s *survey) {
	s.fitRegions()
	s.relateAll()
	s.budget()
	for _, h := range s.hops {
		for _, v := range h.vertices {
			if w.matters(s, v) {
				w.node(s, v)
			}
		}
	}
	for _, h := range s.hops[:len(s.hops)-1] {
		for _, v := range h.vertices {
			w.links(s, v)
		}
		w.doubts(s, h)
	}
	for _, r := range s.regions {
		w.looseLinks(s, r)
	}
	for _, d := range s.doubts {
		if !slices.Contains(w.Doubts, d) {
			w.Doubts = append(w.Doubts, d)
		}
	}
}

// matters reports whether a vertex is worth showing: of many silences in a row at the
// end of a way the first is, and on the way to a neighbour of the target none is, nor
// is an end.
func (w *writer) matters(s *survey, v *vertex) bool {
	if _, known := w.at[w.place(v)]; known {
		return true
	}
	if s.elsewhere() && v.terminal() {
		return false
	}
	return !v.star() || s.leadsOn(v) || !s.elsewhere() && !v.via.star()
}

// leadsOn reports whether anything was heard behind a star.
func (s *survey) leadsOn(v *vertex) bool {
	next := s.hop(v.hop.ttl + 1)
	for i, flows := range v.next {
		if w := next.vertices[i]; flows > 0 && (!w.star() || s.leadsOn(w)) {
			return true
		}
	}
	return false
}

func (w *writer) place(v *vertex) place {
	p := place{v.hop.ttl, v.addr, -1}
	if v.star() {
		p.via = w.of[v.via]
	}
	return p
}

// node enters a vertex.
func (w *writer) node(s *survey, v *vertex) {
	p := w.place(v)
	i, known := w.at[p]
	if !known {
		i = len(w.Nodes)
		w.at[p] = i
		w.Nodes = append(w.Nodes, &Node{Hop: p.hop, Addr: p.addr, Elsewhere: s.elsewhere(), Balance: v.kind})
	}
	w.of[v] = i
	n := w.Nodes[i]
	for _, sp := range v.spots {
		n.add(s, sp, v)
	}
	slices.Sort(n.Flows)
	switch {
	case n.Balance != BalanceNone || !v.branches():
	case s.elsewhere():
		n.Balance = BalanceDestination
	default:
		n.Balance = BalanceUnknown // the run ended before it was tested
	}
	n.Loop = n.Loop || v.rounds > 0
	n.Target = n.Target || s.isTarget(v)
	n.Unreachable = n.Unreachable || v.ended > 0 && !n.Target
}

// add enters what a flow's probes showed at a node.
func (n *Node) add(s *survey, sp *spot, v *vertex) {
	if !s.elsewhere() {
		n.Flows = append(n.Flows, sp.flow.number)
	}
	for _, e := range sp.entries {
		heard := e.State.Heard() && s.from(e) == v.addr
		if e.State == tracer.NotSent || e.State.Heard() && !heard {
			continue
		}
		n.Probes++
		if heard {
			n.Answered++
		}
		if heard && e.Timing.Name != "" {
			n.RTT.Add(e.RTT)
		}
	}
}
