package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// wayHop is a hop of all paths, and wayNode a node there in words.
type wayHop struct {
	TTL   int
	Nodes []wayNode
}

type wayNode struct {
	output.NodeSaid
	About, Median string
	Strip         template.HTML
	Target        bool
}

// wayRow is a node in numbers.
type wayRow struct {
	output.NodeSaid
	Median, Least, P90, Most, Share, Flow, Missed string
}

// wayFlow is the path of a flow.
type wayFlow struct {
	Flow int
	Path string
}

func wayHops(r *multipath.Result, said output.MultipathSaid, times [][]time.Duration) (all []wayHop) {
	longest := time.Microsecond
	for _, n := range r.Nodes {
		longest = max(longest, n.RTT.Max())
	}
	for i := 1; i < len(r.Nodes); i++ {
		n := r.Nodes[i]
		if len(all) == 0 || all[len(all)-1].TTL != n.Hop {
			all = append(all, wayHop{TTL: n.Hop})
		}
		hop := &all[len(all)-1]
		hop.Nodes = append(hop.Nodes, wayNode{
			NodeSaid: said.Nodes[i], About: about(said.Nodes[i]), Median: median(n), Target: n.Target,
			Strip: strip(&responder{rtt: n.RTT, times: times[i]}, longest),
		})
	}
	return all
}

// about says what there is to say of a node beside who it is.
func about(n output.NodeSaid) string {
	all := []string{fmt.Sprintf("%s of the flows", share(n.Share)), n.Answers + " answered"}
	if n.From != "" {
		all = append(all, "from "+n.From)
	}
	return strings.Join(append(all, n.Remarks...), "; ")
}

func share(part float64) string { return fmt.Sprintf("%.0f %%", 100*part) }

func median(n *multipath.Node) string {
	if n.RTT.Count() == 0 {
		return ""
	}
	return output.Duration(n.RTT.Quantile(0.5))
}

func wayRows(r *multipath.Result, said output.MultipathSaid) (all []wayRow) {
	for i := 1; i < len(r.Nodes); i++ {
		n := r.Nodes[i]
		v := wayRow{NodeSaid: said.Nodes[i], Median: "-", Least: "-", P90: "-", Most: "-", Share: "-", Flow: "-", Missed: "-"}
		if n.RTT.Count() > 0 {
			v.Least, v.Median, v.Most = output.Duration(n.RTT.Min()), median(n), output.Duration(n.RTT.Max())
		}
		if n.RTT.Count() >= 10 { // of fewer it would be the longest
			v.P90 = output.Duration(n.RTT.Quantile(0.9))
		}
		if len(n.Flows) > 0 {
			v.Share, v.Flow = share(said.Nodes[i].Share), fmt.Sprint(n.Flows[0])
		}
		if n.Missed > 0 {
			v.Missed = fmt.Sprintf("%.2g %%", 100*n.Missed)
		}
		all = append(all, v)
	}
	return all
}

// maxFlowRows bounds the table of flows.
const maxFlowRows = 1000

// wayFlows lists the flows, and says how many it left out.
func wayFlows(r *multipath.Result, said output.MultipathSaid) (all []wayFlow, more int) {
	for flow := range min(r.Flows, maxFlowRows) {
		var path []string
		for _, node := range r.Path(flow) {
			if node > 0 {
				path = append(path, said.Nodes[node].Label)
			}
		}
		all = append(all, wayFlow{flow, strings.Join(path, " ")})
	}
	return all, r.Flows - len(all)
}
