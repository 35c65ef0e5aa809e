package output

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// graph is a result as it is drawn: each node has letters, by which those behind it
// refer to it.
type graph struct {
	*multipath.Result
	letters []string           // by node; A, B, ... at each hop
	seen    map[int]int        // by hop: how many flows
	before  [][]multipath.Link // by node: the links that lead to it
	after   []int              // by node: the number of links from it
}

func newGraph(r *multipath.Result) *graph {
	g := &graph{
		Result: r, letters: make([]string, len(r.Nodes)), seen: map[int]int{},
		before: make([][]multipath.Link, len(r.Nodes)), after: make([]int, len(r.Nodes)),
	}
	at := map[int]int{}
	for i, n := range r.Nodes {
		g.letters[i] = ordinal(at[n.Hop])
		at[n.Hop]++
		g.seen[n.Hop] += len(n.Flows)
	}
	if len(g.letters) > 0 {
		g.letters[0] = "source"
	}
	for _, l := range r.Links {
		g.before[l.To] = append(g.before[l.To], l)
		g.after[l.From]++
	}
	return g
}

// ordinal counts A to Z, AA, AB and on, from 0.
func ordinal(n int) string {
	s := string(rune('A' + n%26))
	if n < 26 {
		return s
	}
	return ordinal(n/26-1) + s
}

// label names a node among all.
func (g *graph) label(node int) string {
	if node == 0 {
		return g.letters[node]
	}
	return fmt.Sprintf("%d%s", g.Nodes[node].Hop, g.letters[node])
}

// share is the part of the flows seen at a node's hop that were seen at the node.
func (g *graph) share(node int) float64 {
	n := g.Nodes[node]
	if g.seen[n.Hop] == 0 {
		return 0
	}
	return float64(len(n.Flows)) / float64(g.seen[n.Hop])
}

// from lists the nodes of the hop before that a node is behind; with a ? those that
// it is not sure to be behind, and with a ! those whence only packets to other
// addresses come.
func (g *graph) from(node int) string {
	links := slices.Clone(g.before[node])
	slices.SortFunc(links, func(a, b multipath.Link) int { return a.From - b.From })
	var words []string
	for len(links) > 0 {
		n := g.row(links)
		words = append(words, g.span(links[:n]))
		links = links[n:]
	}
	return strings.Join(words, " ")
}

// row returns how many of the links come from neighbours and are of a kind.
func (g *graph) row(links []multipath.Link) int {
	n := 1
	for n < len(links) && links[n].From == links[n-1].From+1 && mark(links[n]) == mark(links[0]) {
		n++
	}
	return n
}

// span writes the ends of links in a row: A, or A B, or A-D.
func (g *graph) span(links []multipath.Link) string {
	first, last := links[0], links[len(links)-1]
	switch name := g.letters[first.From]; {
	case len(links) == 1:
		return name + mark(first)
	case len(links) == 2:
		return name + mark(first) + " " + g.letters[last.From] + mark(last)
	default:
		return name + "-" + g.letters[last.From] + mark(last)
	}
}

// mark says what a link is, if flows to the target were not seen on it.
func mark(l multipath.Link) string {
	switch {
	case !l.Sure:
		return "?"
	case l.Elsewhere && len(l.Flows) == 0:
		return "!"
	}
	return ""
}

// remarks say what a node does.
func (g *graph) remarks(node int) (all []string) {
	n := g.Nodes[node]
	if words := balances[n.Balance]; words != "" {
		all = append(all, fmt.Sprintf(words, g.after[node]))
	}
	for _, r := range []struct {
		holds bool
		text  string
	}{
		{n.Target, "target"},
		{n.Unreachable, "says there is no way on"},
		{n.Loop, "was passed before: a loop"},
		{n.Elsewhere, "only packets to other addresses come here"},
	} {
		if r.holds {
			all = append(all, r.text)
		}
	}
	return all
}

// balances says how a node chooses among so many next hops.
var balances = map[multipath.Balance]string{
	multipath.BalanceFlow:        "balances per flow over %d",
	multipath.BalancePacket:      "balances per packet over %d",
	multipath.BalanceDestination: "balances per destination over %d",
	multipath.BalanceUnknown:     "balances over %d, by what could not be told",
}

// answered is how many of the probes to a node were answered.
func answered(n *multipath.Node) string {
	return strconv.Itoa(n.Answered) + "/" + strconv.Itoa(n.Probes)
}
