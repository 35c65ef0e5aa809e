package report

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// text returns what a mark says.
func (f shape) text(m *mark) []string {
	n := f.said.Nodes[m.nodes[0]]
	label := n.Label + f.doubt(m)
	switch {
	case len(m.nodes) > 1:
		return f.several(m)
	case m.nodes[0] == 0 && f.box:
		return []string{"source", n.Address}
	case f.lines == 0 && !f.box:
		return []string{n.Letters}
	case !f.box && f.lines == 3:
		return []string{label, median(f.result.Nodes[m.nodes[0]]), f.shareOf(m)}
	case !f.box:
		return []string{label, n.Address, median(f.result.Nodes[m.nodes[0]]), f.shareOf(m)}
	}
	lines := []string{label + "  " + who(n)}
	if n.Name != "" {
		lines = append(lines, n.Address)
	}
	if n.Network != "" {
		lines = append(lines, n.Network)
	}
	lines = append(lines, strings.Trim(median(f.result.Nodes[m.nodes[0]])+" · "+f.shareOf(m), " ·"))
	return append(lines, n.Remarks...)
}

// several says what a mark of several nodes does.
func (f shape) several(m *mark) []string {
	if f.lines == 0 && !f.box {
		return []string{fmt.Sprint(len(m.nodes))}
	}
	return []string{output.Count(len(m.nodes), "node"), f.name(m) + f.doubt(m), f.shareOf(m)}
}

// who is the best that there is to call a node by.
func who(n output.NodeSaid) string {
	switch {
	case n.Name != "":
		return n.Name
	case n.Address != "":
		return n.Address
	}
	return "no answer"
}

func (f shape) doubt(m *mark) string {
	for _, node := range m.nodes {
		if f.said.Nodes[node].Doubted {
			return " ?"
		}
	}
	return ""
}

// shareOf is the share of the hop's flows that were seen at a mark; empty for none.
func (f shape) shareOf(m *mark) string {
	part := 0.0
	for _, node := range m.nodes {
		part += f.said.Nodes[node].Share
	}
	if part == 0 {
		return ""
	}
	return share(part)
}

// class names what a mark looks like.
func (f shape) class(m *mark) string {
	class := "mark"
	n := f.result.Nodes[m.nodes[0]]
	switch {
	case m.nodes[0] == 0:
		return class + " source"
	case n.Target:
		class += " end"
	case n.Star():
		class += " star"
	case n.Elsewhere:
		class += " elsewhere"
	case n.Unreachable || n.Loop:
		class += " barred"
	}
	if f.lines == 0 && !f.box {
		class += " dot"
	}
	return class
}

// whole is all that there is to say, for who points at a mark.
func (f shape) whole(m *mark) string {
	if len(m.nodes) > 1 {
		return fmt.Sprintf("%s: %s, listed below", f.name(m), output.Count(len(m.nodes), "node"))
	}
	n := f.said.Nodes[m.nodes[0]]
	if m.nodes[0] == 0 {
		return "source " + n.Address
	}
	all := []string{n.Label, n.Name, n.Address, n.Network, median(f.result.Nodes[m.nodes[0]]), about(n)}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}
