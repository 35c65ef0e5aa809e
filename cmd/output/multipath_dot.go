package output

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// multipathDOT writes a graph in the language of Graphviz (graphviz.org/doc/info/lang.html),
// with the nodes of a hop in a row.
type multipathDOT struct {
	w      io.Writer
	header MultipathHeader
}

func newMultipathDOT(w io.Writer) MultipathWriter { return &multipathDOT{w: w} }

func (d *multipathDOT) Start(h MultipathHeader) error {
	d.header = h
	return nil
}

func (d *multipathDOT) End(r *multipath.Result, err error) error {
	var b strings.Builder
	b.WriteString("digraph multipath {\n")
	if r == nil {
		fmt.Fprintf(&b, "  label=%s;\n", quote(failure("failed before the first probe", err)))
	} else {
		d.write(&b, newGraph(r), err)
	}
	b.WriteString("}\n")
	_, werr := io.WriteString(d.w, b.String())
	return werr
}

func (d *multipathDOT) write(b *strings.Builder, g *graph, err error) {
	title := fmt.Sprintf("%s, %s", target(d.header.Header), protocol(d.header.Header))
	fmt.Fprintf(b, "  label=%s;\n  labelloc=t;\n", quote(title, multipathOutcome(g.Result, err), confidence(g.Result)))
	b.WriteString("  node [shape=box, fontsize=10];\n  edge [fontsize=9];\n")
	for i, n := range g.Nodes {
		if i == 0 || g.Nodes[i-1].Hop != n.Hop {
			fmt.Fprintf(b, "  { rank=same; %s }\n", strings.Join(d.hop(g, i), "; "))
		}
	}
	for i := range g.Nodes {
		fmt.Fprintf(b, "  n%d [label=%s%s];\n", i, quote(d.label(g, i)...), look(g.Nodes[i]))
	}
	for _, l := range g.Links {
		fmt.Fprintf(b, "  n%d -> n%d%s;\n", l.From, l.To, g.linkLook(l))
	}
}

// hop lists the nodes of a hop, of which i is the first.
func (d *multipathDOT) hop(g *graph, i int) (names []string) {
	for k := i; k < len(g.Nodes) && g.Nodes[k].Hop == g.Nodes[i].Hop; k++ {
		names = append(names, fmt.Sprintf("n%d", k))
	}
	return names
}

// label says who a node is, what share of the flows comes there, and how long that
// takes.
func (d *multipathDOT) label(g *graph, i int) []string {
	n := g.Nodes[i]
	if i == 0 {
		return append([]string{"source " + Plain(d.header.Source).String()}, g.remarks(i)...)
	}
	lines := []string{g.label(i)}
	if name := d.header.who(n); n.Star() {
		lines[0] += " *"
	} else {
		lines = append(lines, name)
	}
	about := fmt.Sprintf("%.0f %% of the flows", 100*g.share(i))
	if n.RTT.Count() > 0 {
		about += ", " + Duration(n.RTT.Quantile(0.5))
	}
	return append(append(lines, about), g.remarks(i)...)
}

// look draws what is silent, and what only packets to other addresses come to,
// otherwise than the rest.
func look(n *multipath.Node) string {
	switch {
	case n.Target:
		return ", style=bold"
	case n.Elsewhere:
		return ", style=dotted"
	case n.Star() && n.Probes > 0:
		return ", style=dashed"
	}
	return ""
}

// linkLook tells the share of its node's flows that a link takes; one that is not
// sure is dashed.
func (g *graph) linkLook(l multipath.Link) string {
	switch {
	case !l.Sure:
		return " [style=dashed]"
	case l.Elsewhere && len(l.Flows) == 0:
		return " [style=dotted]"
	case g.after[l.From] > 1:
		return fmt.Sprintf(" [label=%s]", quote(Count(len(l.Flows), "flow")))
	}
	return ""
}

// quote makes lines a quoted string, in which nothing but the ends of lines means
// more than itself: no escape, and no entity.
func quote(lines ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i] = escape.Replace(lines[i])
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}

// spot is where a node is.
type spot struct {
	hop  int
	addr netip.Addr
}

// nodesByAddress finds the nodes that answer.
func nodesByAddress(r *multipath.Result) map[spot]int {
	at := map[spot]int{}
	for i, n := range r.Nodes {
		if !n.Star() {
			at[spot{n.Hop, n.Addr}] = i
		}
	}
	return at
}
