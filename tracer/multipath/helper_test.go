package multipath

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

var (
	load  = simtest.Load
	parse = simtest.Parse
)

// way is a protocol over a family; ways are all of them.
type way struct {
	protocol probe.Protocol
	ipv6     bool
}

func (w way) String() string {
	return w.protocol.Name() + map[bool]string{false: "4", true: "6"}[w.ipv6]
}

func ways() (all []way) {
	for _, p := range probe.Protocols {
		all = append(all, way{p, false}, way{p, true})
	}
	return all
}

// flowOf returns flow 0 of a trace through a scenario.
func flowOf(s *sim.Scenario, w way) probe.Flow {
	return simtest.Flow(s, w.protocol, w.ipv6)
}

// traced is a scenario that was traced, in virtual time.
type traced struct {
	*Result
	link     *sim.Link
	scenario *sim.Scenario
	ipv6     bool
}

// trace traces through a scenario. The seed decides how its balancers choose.
func trace(t testing.TB, s *sim.Scenario, w way, seed uint64, cfg Config) traced {
	t.Helper()
	cfg = cfg.WithDefaults()
	cfg.Protocol, cfg.Flow, cfg.FirstIdent = w.protocol, flowOf(s, w), 1
	link := sim.NewLink(sim.New(s, seed), sim.LinkOptions{
		Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort, SourcePorts: cfg.MaxFlows,
	})
	result, err := Run(t.Context(), cfg, link, link)
	if err != nil {
		t.Fatal(err)
	}
	return traced{result, link, s, w.ipv6}
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// edge is a link at a hop, between two names: those of nodes that answer, and of
// silent ones "*" and what they are behind.
type edge struct {
	ttl      int
	from, to string
}

// truth returns all links that the scenario's file tells, by hop: what the source
// can reach by them, up to a TTL.
func truth(s *sim.Scenario, most int) map[edge]bool {
	next := map[string][]string{}
	for _, l := range s.Truth.Links {
		next[l[0]] = append(next[l[0]], l[1])
	}
	silent := map[string]bool{}
	for _, n := range s.Nodes {
		silent[n.Name] = n.Silent
	}
	edges := map[edge]bool{}
	type at struct{ name, shown string }
	front := map[at]bool{{s.Entry, s.Entry}: true}
	for ttl := 1; ttl < most; ttl++ {
		then := map[at]bool{}
		for a := range front {
			for _, name := range next[a.name] {
				shown := name
				if silent[name] {
					shown = "*" + a.shown
				}
				edges[edge{ttl, a.shown, shown}] = true
				then[at{name, shown}] = true
			}
		}
		front = then
	}
	return edges
}

// found returns the links of a result in the same form; those not sure, if wanted.
func (tr traced) found(unsure bool) map[edge]bool {
	names := map[netip.Addr]string{}
	for _, n := range tr.scenario.Nodes {
		names[n.V4], names[n.V6] = n.Name, n.Name
	}
	name := make([]string, len(tr.Nodes))
	edges := map[edge]bool{}
	for i, n := range tr.Nodes {
		name[i] = names[n.Addr]
	}
	for _, l := range tr.Links {
		from, to := tr.Nodes[l.From], tr.Nodes[l.To]
		if to.Star() {
			name[l.To] = "*" + name[l.From]
		}
		if from.Hop >= 1 && (l.Sure || unsure) {
			edges[edge{from.Hop, name[l.From], name[l.To]}] = true
		}
	}
	return edges
}

// missed returns the edges of a that are not in b, in order.
func missed(a, b map[edge]bool) (missed []string) {
	for e := range a {
		if !b[e] {
			missed = append(missed, fmt.Sprintf("%d: %s-%s", e.ttl, e.from, e.to))
		}
	}
	slices.Sort(missed)
	return missed
}
