package output

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// nodeJSON is an interface at a hop, or the silence there behind another node.
type nodeJSON struct {
	ID      int    `json:"id"` // its place among the nodes
	Label   string `json:"label"`
	Hop     int    `json:"hop"`
	Address string `json:"address,omitempty"` // absent: nobody answers
	Name    string `json:"name,omitempty"`
	// Flows are the numbers of those seen here; the share is theirs in those
	// seen at the hop.
	Flows    []int    `json:"flows"`
	Share    float64  `json:"share"`
	Probes   int      `json:"probes"`
	Answered int      `json:"answered"`
	RTT      *rttJSON `json:"rtt,omitempty"`
	Balance  string   `json:"balance"`
	// Missed is the probability that one more next hop would have been missed.
	Missed      float64 `json:"missed"`
	Target      bool    `json:"target,omitempty"`
	Unreachable bool    `json:"unreachable,omitempty"`
	Loop        bool    `json:"loop,omitempty"`
	Elsewhere   bool    `json:"elsewhere,omitempty"`
}

// rttJSON is a distribution of round-trip times in nanoseconds.
type rttJSON struct {
	Count int64 `json:"count"`
	Min   int64 `json:"min_ns"`
	P50   int64 `json:"p50_ns"`
	P90   int64 `json:"p90_ns"`
	P99   int64 `json:"p99_ns"`
	Max   int64 `json:"max_ns"`
}

type linkJSON struct {
	From      int   `json:"from"` // a node's id
	To        int   `json:"to"`
	Flows     []int `json:"flows"`
	Sure      bool  `json:"sure"`
	Elsewhere bool  `json:"elsewhere,omitempty"`
}

type diamondJSON struct {
	From   int  `json:"from"`
	To     *int `json:"to,omitempty"` // absent: the ways end apart
	Width  int  `json:"width"`
	Length int  `json:"length"`
	Meshed bool `json:"meshed"`
	Uneven bool `json:"uneven"`
}

// flowJSON is the path of one flow, with all its round-trip times at each node that
// it was probed at.
type flowJSON struct {
	Flow int      `json:"flow"`
	Path []int    `json:"path"`
	RTTs []atJSON `json:"rtts"`
}

type atJSON struct {
	Node int     `json:"node"`
	RTTs []int64 `json:"ns"` // in the order of sending
}

type doubtJSON struct {
	Hop     int    `json:"hop"`
	Address string `json:"address,omitempty"`
	Why     string `json:"why"`
}

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
		j.Address, j.Name = Plain(n.Addr).String(), h.name(n.Addr, jsonName)
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
