package output

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// multipathText writes a block of lines for each hop, for people to follow.
type multipathText struct {
	lines
	header MultipathHeader
}

func newMultipathText(w io.Writer) MultipathWriter { return &multipathText{lines: lines{w: w}} }

func (t *multipathText) Start(h MultipathHeader) error {
	t.header = h
	t.say(t.header.Width, heading(h.Header)...)
	return t.err
}

func (t *multipathText) End(r *multipath.Result, err error) error {
	if r == nil {
		t.say(t.header.Width, failure("failed before the first probe", err))
		return t.err
	}
	g := newGraph(r)
	t.nodes(g)
	t.say(t.header.Width, diamondLines(g)...)
	t.say(t.header.Width, doubtLines(g)...)
	t.say(t.header.Width, multipathOutcome(r, err), effort(r), confidence(r))
	t.say(t.header.Width, multipathRemarks(r)...)
	if again := t.header.Again.repeat(r); again != "" {
		t.print("%s", again) // in one piece, to be copied
	}
	return t.err
}

// nodes writes the nodes of each hop but the source.
func (t *multipathText) nodes(g *graph) {
	if len(g.Nodes) < 2 {
		return
	}
	width := t.whoWidth(g)
	t.say(t.header.Width, fmt.Sprintf("hop     %-*s  %6s  %9s  %8s  %6s  %s", width, "address", "share", "RTT p50", "answers", "--flow", "from"))
	for i := 1; i < len(g.Nodes); i++ {
		t.say(t.header.Width, t.node(g, i, width))
	}
}

// node writes one: who it is, what share of the flows comes there and by which one,
// and which nodes it is behind.
func (t *multipathText) node(g *graph, i, width int) string {
	n := g.Nodes[i]
	hop, share, rtt, flow := "", "-", "-", "-"
	if g.Nodes[i-1].Hop != n.Hop {
		hop = fmt.Sprint(n.Hop)
	}
	if len(n.Flows) > 0 {
		share, flow = fmt.Sprintf("%.0f %%", 100*g.share(i)), fmt.Sprint(n.Flows[0])
	}
	if n.RTT.Count() > 0 {
		rtt = Duration(n.RTT.Quantile(0.5))
	}
	line := fmt.Sprintf("%3s %-3s %s  %6s  %s  %8s  %6s  %s", hop, g.letters[i], pad(t.header.who(n), width),
		share, padLeft(rtt, 9), answered(n), flow, g.from(i))
	if remarks := g.remarks(i); len(remarks) > 0 {
		line += "; " + strings.Join(remarks, "; ")
	}
	return line
}

// who is what is known of whoever answers at a node.
func (h Header) who(n *multipath.Node) string {
	if n.Star() {
		return "*"
	}
	return h.responder(n.Addr)
}

func (t *multipathText) whoWidth(g *graph) int {
	width := len("address")
	for _, n := range g.Nodes[1:] {
		width = max(width, utf8.RuneCountInString(t.header.who(n)))
	}
	return width
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s))) + s
}
