package pmtu

import (
	"cmp"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// way is a protocol over a family.
type way struct {
	protocol probe.Protocol
	ipv6     bool
}

func (w way) String() string {
	return w.protocol.Name() + map[bool]string{false: "4", true: "6"}[w.ipv6]
}

// everyWay runs a test for all protocols over both families, in virtual time.
func everyWay(t *testing.T, test func(t *testing.T, w way)) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			w := way{p, ipv6}
			t.Run(w.String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { test(t, w) })
			})
		}
	}
}

// discover runs through a scenario, from 1500 bytes unless the configuration says
// otherwise.
func discover(t *testing.T, s *sim.Scenario, w way, seed uint64, cfg Config) (*Result, *sim.Link) {
	t.Helper()
	cfg.Protocol, cfg.MTU = w.protocol, cmp.Or(cfg.MTU, 1500)
	cfg.Flow = flowOf(s, w)
	link := simtest.Link(s, seed, cfg.Flow)
	result, err := Run(t.Context(), cfg, link, link)
	if err != nil {
		t.Fatal(err)
	}
	return result, link
}

func flowOf(s *sim.Scenario, w way) probe.Flow {
	return simtest.Flow(s, w.protocol, w.ipv6)
}

// truths returns the drops as scenario files tell them.
func truths(r *Result) (all []sim.TruthMTU) {
	for _, d := range r.Drops {
		all = append(all, sim.TruthMTU{
			Hop: d.After, Behind: d.Behind, MTU: d.MTU, Message: d.Message != nil, Claim: d.Worth.String(),
		})
	}
	return all
}

// told returns a scenario's truth in full.
func told(s *sim.Scenario) (all []sim.TruthMTU) {
	for _, m := range s.Truth.MTU {
		m.Behind = cmp.Or(m.Behind, m.Hop+1)
		switch {
		case m.Behind < 0:
			m.Behind = 0
		case m.Claim == "" && m.Message:
			m.Claim = "true"
		}
		if m.Claim == "" {
			m.Claim = map[bool]string{true: "true", false: "none"}[m.Message]
		}
		all = append(all, m)
	}
	return all
}
