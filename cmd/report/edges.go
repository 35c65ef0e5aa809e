package report

import (
	"cmp"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// edge is what is drawn of the links from one mark to another.
type edge struct {
	from, to *mark
	flows    int
	sure     bool
	// elsewhere says that only packets to other addresses take it.
	elsewhere bool
}

// edges joins the links between two layers, those of the same marks in one.
func edges(above, below *layer, links []multipath.Link) (all []*edge) {
	up, down := above.places(), below.places()
	known := map[[2]int]*edge{}
	for _, l := range links {
		from, starts := up[l.From]
		to, ends := down[l.To]
		if !starts || !ends {
			continue
		}
		e := known[[2]int{from, to}]
		if e == nil {
			e = &edge{from: above.marks[from], to: below.marks[to], elsewhere: true}
			known[[2]int{from, to}], all = e, append(all, e)
		}
		e.flows += len(l.Flows)
		e.sure = e.sure || l.Sure
		e.elsewhere = e.elsewhere && l.Elsewhere && len(l.Flows) == 0
	}
	return all
}

// crossings counts the pairs of edges that cross.
func crossings(all []*layer, links []multipath.Link) (n int) {
	for i := 1; i < len(all); i++ {
		n += crossingsBetween(all[i-1], all[i], links)
	}
	return n
}

// crossingsBetween counts inversions: edges in order of their upper ends cross where
// the lower ends are not. A row is as short as a drawing is wide.
func crossingsBetween(above, below *layer, links []multipath.Link) (n int) {
	up, down := map[*mark]int{}, map[*mark]int{}
	for i, m := range above.marks {
		up[m] = i
	}
	for i, m := range below.marks {
		down[m] = i
	}
	all := edges(above, below, links)
	slices.SortFunc(all, func(a, b *edge) int {
		return cmp.Or(cmp.Compare(up[a.from], up[b.from]), cmp.Compare(down[a.to], down[b.to]))
	})
	seen := make([]int, len(below.marks)) // by lower end, edges so far
	for _, e := range all {
		for _, later := range seen[down[e.to]+1:] {
			n += later
		}
		seen[down[e.to]]++
	}
	return n
}
