package output

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// graph enters nodes and links, and what is about them.
func (d *multipathDocument) graph(h MultipathHeader, g *graph) {
	d.Nodes = make([]nodeJSON, len(g.Nodes)) // empty lists, never null
	for i := range g.Nodes {
		d.Nodes[i] = newNode(h, g, i)
	}
	d.Links = make([]linkJSON, len(g.Links))
	for i, l := range g.Links {
		d.Links[i] = linkJSON{l.From, l.To, flowList(l.Flows), l.Sure, l.Elsewhere}
	}
	d.Diamonds = make([]diamondJSON, len(g.Diamonds))
	for i, o := range g.Diamonds {
		d.Diamonds[i] = diamondJSON{o.From, nil, o.Width, o.Length, o.Meshed, o.Uneven}
		if o.To >= 0 {
			d.Diamonds[i].To = &o.To
		}
	}
	d.Doubts = make([]doubtJSON, len(g.Doubts))
	for i, o := range g.Doubts {
		d.Doubts[i] = doubtJSON{Hop: o.Hop, Why: string(o.Why)}
		if o.Addr.IsValid() {
			d.Doubts[i].Address = Plain(o.Addr).String()
		}
	}
	d.Flows = newFlows(g.Result)
}

func newNode(h MultipathHeader, g *graph, i int) nodeJSON {
	n := g.Nodes[i]
	j := nodeJSON{
		ID: i, Label: g.label(i), Hop: n.Hop, Flows: flowList(n.Flows), Share: g.share(i), Probes: n.Probes,
		Answered: n.Answered, RTT: newRTT(&n.RTT), Balance: n.Balance.String(), Missed: n.Missed,
		Target: n.Target, Unreachable: n.Unreachable, Loop: n.Loop, Elsewhere: n.Elsewhere,
	}
	if !n.Star() {
		j.Address, j.Name, j.Origin = Plain(n.Addr).String(), h.name(n.Addr, jsonName), h.originJSON(n.Addr)
	}
	return j
}

func flowList(flows []int) []int { return append([]int{}, flows...) }

func newRTT(d *stats.Distribution) *rttJSON {
	if d.Count() == 0 {
		return nil
	}
	at := func(q float64) int64 { return int64(d.Quantile(q) / time.Nanosecond) }
	return &rttJSON{d.Count(), int64(d.Min()), at(0.5), at(0.9), at(0.99), int64(d.Max())}
}

// newFlows tells the paths of the flows to the target, and their times.
func newFlows(r *multipath.Result) []flowJSON {
	all := make([]flowJSON, r.Flows)
	for n := range all {
		all[n] = flowJSON{Flow: n, Path: flowList(r.Path(n)), RTTs: []atJSON{}}
	}
	at := nodesByAddress(r)
	for i := range r.Probes {
		p := &r.Probes[i]
		if p.Flow < 0 || p.Flow >= len(all) || !p.State.Heard() || p.Timing.Name == "" {
			continue
		}
		if node, known := at[spot{p.TTL, p.Answer.From}]; known {
			all[p.Flow].add(node, p.RTT)
		}
	}
	return all
}

// add enters a time at a node.
func (f *flowJSON) add(node int, rtt time.Duration) {
	for i := range f.RTTs {
		if f.RTTs[i].Node == node {
			f.RTTs[i].RTTs = append(f.RTTs[i].RTTs, rtt.Nanoseconds())
			return
		}
	}
	f.RTTs = append(f.RTTs, atJSON{node, []int64{rtt.Nanoseconds()}})
}
