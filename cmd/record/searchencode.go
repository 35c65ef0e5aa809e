package record

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// encodeSearch describes a search whose packets have been put in order.
func (r *Recorder) encodeSearch(program string, h output.MultipathHeader, found *multipath.Result, failed error, c capture) searchDocument {
	d := searchDocument{
		preamble: r.preamble(SearchFormat, program, h.Header, failed, c), Confidence: h.Confidence, Again: again(h.Again),
		Result: encodeResult(found, c),
	}
	if h.Origins != nil {
		d.Origins = map[netip.Addr]origin.Origin{}
		for _, n := range found.Nodes {
			if o, over := h.Origins.Origin(n.Addr); over && !n.Star() {
				d.Origins[output.Plain(n.Addr)] = o
			}
		}
	}
	return d
}

func encodeResult(r *multipath.Result, c capture) resultJSON {
	j := resultJSON{
		Source: r.Source, Target: r.Target, Protocol: r.Protocol, Flow: flow(r.Flow), Started: r.Started,
		Elapsed: r.Elapsed, Stop: r.Stop.String(), Wanted: r.Wanted, Confidence: r.Confidence, Lite: r.Lite,
		Spent: r.Spent, Theory: r.Theory, Destinations: r.Destinations, At: r.At, Paths: r.Paths,
		Counters: r.Counters, Tally: r.Tally, NextIdent: r.NextIdent,
	}
	for _, n := range r.Nodes {
		j.Nodes = append(j.Nodes, searchNode{
			Hop: n.Hop, Addr: n.Addr, Flows: n.Flows, Probes: n.Probes, Answered: n.Answered, Balance: n.Balance.String(),
			Missed: n.Missed, Target: n.Target, Unreachable: n.Unreachable, Loop: n.Loop, Elsewhere: n.Elsewhere,
		})
	}
	for _, l := range r.Links {
		j.Links = append(j.Links, searchLink(l))
	}
	for _, d := range r.Diamonds {
		j.Diamonds = append(j.Diamonds, diamond(d))
	}
	for _, d := range r.Doubts {
		j.Doubts = append(j.Doubts, doubt(d))
	}
	for _, p := range r.Probes {
		j.Probes = append(j.Probes, encodeProbe(p, c))
	}
	return j
}
