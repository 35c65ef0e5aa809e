package multipath

import (
	"cmp"
	"slices"
)

// sort brings nodes into the order of hops, those of one hop into that in which
// they were found, and links into that of their ends.
func (w *writer) sort() {
	order := make([]int, len(w.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.Nodes[a].Hop, w.Nodes[b].Hop) })
	nodes, now := make([]*Node, len(order)), make([]int, len(order))
	for to, from := range order {
		nodes[to], now[from] = w.Nodes[from], to
	}
	w.Nodes = nodes
	for v, i := range w.of {
		w.of[v] = now[i]
	}
	for i, l := range w.Links {
		w.Links[i].From, w.Links[i].To = now[l.From], now[l.To]
	}
	slices.SortFunc(w.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

// path returns the nodes that a flow passes, as far as is known.
func (w *writer) path(s *survey, f *flow) (nodes []int) {
	for _, h := range s.hops {
		v := s.pass(f, h.ttl)
		if sp := f.at(h.ttl); sp != nil {
			v = sp.vertex
		}
		if i, known := w.of[v]; known {
			nodes = append(nodes, i)
		}
	}
	return nodes
}
