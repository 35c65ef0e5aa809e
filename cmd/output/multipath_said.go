package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// MultipathSaid is what the text says of a result, for a page to arrange anew. All of
// it is safe to show.
type MultipathSaid struct {
	Nodes []NodeSaid // those of the result
	// Outcome says how the search ended, Confidence how sure it is, and Effort
	// what it took; Repeat how a flow is sent again, empty if none can be.
	Outcome, Confidence, Effort, Repeat string
	// Diamonds and Doubts say where ways part and what is not sure, Remarks what
	// was counted beside.
	Diamonds, Doubts, Remarks []string
}

// NodeSaid is what the text says of a node.
type NodeSaid struct {
	// Label names the node among all, Letters at its hop.
	Label, Letters string
	// Name and Network are what is known of the Address, which is empty if
	// nobody answers.
	Name, Address, Network string
	// Share is the part of the flows seen at the node's hop that were seen here.
	Share float64
	// Answers is how many of the probes were answered, From the nodes before.
	Answers, From string
	Remarks       []string
	// Doubted says that one of the Doubts is about the node, or all of its hop.
	Doubted bool
}

// SayMultipath puts a result into words; err is what ended the run, if it failed.
func SayMultipath(h MultipathHeader, r *multipath.Result, err error) MultipathSaid {
	g := newGraph(r)
	said := MultipathSaid{
		Nodes: make([]NodeSaid, len(r.Nodes)), Outcome: multipathOutcome(r, err), Confidence: confidence(r),
		Effort: effort(r), Repeat: h.Again.repeat(r), Diamonds: diamondLines(g), Doubts: doubtLines(g),
		Remarks: multipathRemarks(r),
	}
	doubted := map[string]bool{}
	for _, d := range g.Doubts {
		doubted[g.where(d)] = true
	}
	for i := range r.Nodes {
		n := h.node(g, i)
		n.Doubted = doubted[n.Label] || i > 0 && doubted[fmt.Sprintf("hop %d", r.Nodes[i].Hop)]
		said.Nodes[i] = n
	}
	return said
}

func (h MultipathHeader) node(g *graph, i int) NodeSaid {
	n := g.Nodes[i]
	said := NodeSaid{
		Label: g.label(i), Letters: g.letters[i], Share: g.share(i), Answers: answered(n), From: g.from(i),
		Remarks: g.remarks(i),
	}
	addr := n.Addr
	if i == 0 {
		addr = h.Source
	}
	if addr.IsValid() {
		said.Address = Plain(addr).String()
	}
	if !n.Star() {
		said.Name, said.Network = h.name(addr, tableName), h.network(addr)
	}
	return said
}

// repeat says how a flow is sent again; empty if none can be.
func (a Again) repeat(r *multipath.Result) string {
	again := a.command("N")
	if again == "" || r.Flows == 0 {
		return ""
	}
	return fmt.Sprintf("to repeat a flow, N from 0 to %d: %s", r.Flows-1, again)
}
