package report

import (
	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// beside is the size of a plot that stands beside its table.
var beside = size{360, 210}

func newHop(r *bench.Result, h *stats.Hop) (hop, error) {
	v := hop{TTL: h.TTL, Fate: bench.Fate(h)}
	for i, responder := range h.Responders {
		g := newGroup(&responder.Group, true)
		g.Label, g.Address = r.Name(responder.Addr), responder.Addr.WithZone("").String()
		g.Answered = responder.Answered
		g.Label += letter(i, len(h.Responders)) + r.By(responder)
		rtts, _ := curves(responder.Sources.All())
		svg, err := render(cumulative(rtts), beside, "Cumulative distribution of round-trip times of this hop")
		if err != nil {
			return v, err
		}
		g.Plot.Wide = svg
		v.Groups = append(v.Groups, g)
	}
	return v, nil
}

func newGroup(g *stats.Group, jitter bool) (v group) {
	for _, s := range g.Sources.All() {
		v.Sources = append(v.Sources, newSource(s, jitter))
	}
	spans, _, others := g.Division.Spans()
	for _, s := range spans {
		t := s.Time.Summary()
		v.Division = append(v.Division, part{
			Name: s.Parts, Class: slug(s.Parts), P50: output.Duration(t.P50), P99: output.Duration(t.P99),
		})
	}
	v.Others = others
	return v
}

func newSource(s *stats.Source, jitter bool) source {
	v := source{
		Name: s.Timing.Name, Class: slug(s.Timing.Name), Count: s.RTT.Count(), Jitter: bench.Jitter(s, jitter),
		P50: "-", P90: "-", P99: "-", Max: "-", Over50: "-", Over99: "-", Top: "-",
	}
	if rtt := s.RTT.Summary(); rtt.Count > 0 {
		v.P50, v.P90 = output.Duration(rtt.P50), output.Duration(rtt.P90)
		v.P99, v.Max = output.Duration(rtt.P99), output.Duration(rtt.Max)
	}
	if over := s.Excess.Summary(); over.Count > 0 {
		v.Over50, v.Over99, v.Top = output.Duration(over.P50), output.Duration(over.P99), output.Duration(over.Max)
	}
	return v
}
