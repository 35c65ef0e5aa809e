package multipath

// Diamond is what lies between two nodes that all packets pass, with several ways
// from the one to the other (Augustin, Friedman and Teixeira, IMC 2011).
type Diamond struct {
	// From is the node where ways part, To that where all have met; -1: they
	// end apart. Both are indices of Result.Nodes.
	From, To int
	// Width is the most nodes at one hop, Length the most links on a way.
	Width, Length int
	// Meshed says that ways meet inside and part again. Uneven says that the
	// nodes of some hop have different numbers of links to the next or from the
	// one before, so that they are likely to get different shares of the flows
	// (Vermeulen et al., IMC 2018, section 2). Both are as it seems where links
	// are not sure.
	Meshed, Uneven bool
}

// diamonds finds the diamonds of the graph.
func (w *writer) diamonds() (all []Diamond) {
	hops := w.byHop()
	for i := 1; i < len(hops); i++ {
		if len(hops[i]) < 2 || len(hops[i-1]) != 1 {
			continue
		}
		last := i
		for last+1 < len(hops) && len(hops[last+1]) > 1 {
			last++
		}
		all = append(all, w.diamond(hops, i, last))
	}
	return all
}

// byHop returns the nodes of each hop.
func (w *writer) byHop() (hops [][]int) {
	for i, n := range w.Nodes {
		if i == 0 || n.Hop != w.Nodes[i-1].Hop {
			hops = append(hops, nil)
		}
		hops[len(hops)-1] = append(hops[len(hops)-1], i)
	}
	return hops
}

// diamond describes that of which the hops from first to last have several nodes.
func (w *writer) diamond(hops [][]int, first, last int) Diamond {
	d := Diamond{From: hops[first-1][0], To: -1}
	end := last
	if last+1 < len(hops) {
		end++
	}
	if end > last && w.allGoOn(hops[first:end]) {
		d.To = hops[end][0]
	}
	d.Length = end - first + 1
	for i := first; i <= end; i++ {
		d.Width = max(d.Width, len(hops[i]))
		meshed, uneven := w.compare(hops[i-1], hops[i])
		d.Meshed, d.Uneven = d.Meshed || meshed, d.Uneven || uneven
	}
	return d
}

// allGoOn reports whether no way ends at the hops given.
func (w *writer) allGoOn(hops [][]int) bool {
	for _, hop := range hops {
		for _, n := range hop {
			if least, _ := w.degrees([]int{n}, true); least == 0 || w.Nodes[n].Target {
				return false
			}
		}
	}
	return true
}

// compare tells what the links between two hops are like. They are meshed if a node
// of the wider one has several.
func (w *writer) compare(hop, next []int) (meshed, uneven bool) {
	least, most := w.degrees(hop, true)
	fewest, greatest := w.degrees(next, false)
	uneven = least != most || fewest != greatest
	meshed = len(next) >= len(hop) && greatest > 1 || len(hop) >= len(next) && most > 1
	return meshed, uneven
}

// degrees returns the least and the most links that nodes have, forth or back.
func (w *writer) degrees(nodes []int, forth bool) (least, most int) {
	for i, n := range nodes {
		links := 0
		for _, l := range w.Links {
			if forth && l.From == n || !forth && l.To == n {
				links++
			}
		}
		if i == 0 || links < least {
			least = links
		}
		most = max(most, links)
	}
	return least, most
}
