package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// mark is what stands at one place of a drawn graph: a node, or several that are alike.
type mark struct {
	nodes []int
	x     float64 // of its middle
}

// layer is a hop of a drawn graph.
type layer struct {
	hop   int
	marks []*mark
}

// layers puts the nodes of each hop in a row of so many marks at most, with few
// crossings of links.
func layers(r *multipath.Result, most int) (all []*layer) {
	for i := 0; i < len(r.Nodes); {
		k := i
		for k < len(r.Nodes) && r.Nodes[k].Hop == r.Nodes[i].Hop {
			k++
		}
		all = append(all, &layer{r.Nodes[i].Hop, fold(r, i, k, most)})
		i = k
	}
	untangle(all, r.Links)
	return all
}

// fold makes marks of the nodes from one up to another. If there are too many, those
// with the same neighbours share one; if that does not do, the last ones do.
func fold(r *multipath.Result, from, to, most int) (marks []*mark) {
	if to-from <= most {
		for i := from; i < to; i++ {
			marks = append(marks, &mark{nodes: []int{i}})
		}
		return marks
	}
	kin := map[string]*mark{}
	for i, key := range neighbours(r, from, to) {
		if kin[key] == nil {
			kin[key] = &mark{}
			marks = append(marks, kin[key])
		}
		kin[key].nodes = append(kin[key].nodes, from+i)
	}
	for len(marks) > most {
		last := marks[len(marks)-1]
		marks = marks[:len(marks)-1]
		into := marks[len(marks)-1]
		into.nodes = append(into.nodes, last.nodes...)
	}
	return marks
}

// neighbours describes those of each node from one up to another.
func neighbours(r *multipath.Result, from, to int) []string {
	keys := make([]string, to-from)
	for i := range keys {
		keys[i] = fmt.Sprint(r.Nodes[from+i].Star())
	}
	for _, l := range r.Links { // in order of their ends
		if l.To >= from && l.To < to {
			keys[l.To-from] += fmt.Sprintf(" from %d", l.From)
		}
		if l.From >= from && l.From < to {
			keys[l.From-from] += fmt.Sprintf(" to %d", l.To)
		}
	}
	return keys
}

// sweeps is how often the order of all layers is looked over, down and up by turns.
const sweeps = 8

// untangle sorts the marks of each layer by the mean place of those that they are
// linked to, one layer after another (Sugiyama, Tagawa and Toda, 1981, the barycentre
// method). The order that the text has stays unless another has fewer crossings.
func untangle(all []*layer, links []multipath.Link) {
	best, least := orders(all), crossings(all, links)
	for sweep := 0; sweep < sweeps && least > 0; sweep++ {
		down := sweep%2 == 0
		for i := 1; i < len(all); i++ {
			if down {
				all[i].sortBy(all[i-1], links)
			} else {
				all[len(all)-1-i].sortBy(all[len(all)-i], links)
			}
		}
		if n := crossings(all, links); n < least {
			best, least = orders(all), n
		}
	}
	for i, l := range all {
		l.marks = best[i]
	}
}

func orders(all []*layer) (marks [][]*mark) {
	for _, l := range all {
		marks = append(marks, slices.Clone(l.marks))
	}
	return marks
}

// sortBy sorts by the places of the marks of a layer beside this one.
func (l *layer) sortBy(beside *layer, links []multipath.Link) {
	here, there := l.places(), beside.places()
	sum, count := make([]float64, len(l.marks)), make([]float64, len(l.marks))
	for _, link := range links {
		for _, ends := range [][2]int{{link.From, link.To}, {link.To, link.From}} {
			at, mine := here[ends[0]]
			of, theirs := there[ends[1]]
			if mine && theirs {
				sum[at] += float64(of)
				count[at]++
			}
		}
	}
	mean := map[*mark]float64{}
	for i, m := range l.marks {
		mean[m] = float64(i)
		if count[i] > 0 {
			mean[m] = sum[i] / count[i]
		}
	}
	slices.SortStableFunc(l.marks, func(a, b *mark) int { return cmp.Compare(mean[a], mean[b]) })
}

// places finds a layer's nodes.
func (l *layer) places() map[int]int {
	at := map[int]int{}
	for i, m := range l.marks {
		for _, node := range m.nodes {
			at[node] = i
		}
	}
	return at
}
