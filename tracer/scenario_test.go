package tracer_test

import (
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// traced is a scenario that was traced, in virtual time.
type traced struct {
	*tracer.Trace
	scenario *sim.Scenario
	ipv6     bool
}

// trace traces through a scenario. The seed decides its chances.
func trace(t *testing.T, s *sim.Scenario, p probe.Protocol, ipv6 bool, cfg tracer.Config) traced {
	t.Helper()
	cfg.Protocol, cfg.Flow = p, simtest.Flow(s, p, ipv6)
	net := simtest.Link(s, 1, cfg.Flow)
	got, err := tracer.Run(t.Context(), cfg, net, net)
	if err != nil {
		t.Fatal(err)
	}
	return traced{got, s, ipv6}
}

// TestScenarios holds every trace against the truth in the scenario's file.
func TestScenarios(t *testing.T) {
	for _, name := range sim.Names() {
		t.Run(name, func(t *testing.T) {
			simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
				s := simtest.Load(t, name)
				if !s.Truth.Holds(p.Name()) {
					return // the file says nothing about it
				}
				trace(t, s, p, ipv6, tracer.Config{}).check(t)
			})
		})
	}
}

// check holds a trace against the scenario's truth.
func (tr traced) check(t *testing.T) {
	t.Helper()
	truth := tr.scenario.Truth
	if tr.Reached() != truth.Reached || tr.Stop.String() != truth.Stop {
		t.Errorf("stopped with %v (reached %v), want %v (%v)", tr.Stop, tr.Reached(), truth.Stop, truth.Reached)
	}
	if tr.Reached() && len(tr.Hops) != len(truth.Hops) {
		t.Errorf("%d hops, want %d", len(tr.Hops), len(truth.Hops))
	}
	for _, hop := range tr.Hops {
		tr.checkHop(t, hop)
	}
}

func (tr traced) checkHop(t *testing.T, hop tracer.Hop) {
	t.Helper()
	addresses := tr.scenario.Addresses(hop.TTL, tr.ipv6)
	heard := 0
	for _, p := range hop.Probes {
		if !p.State.Heard() {
			continue
		}
		heard++
		if !slices.Contains(addresses, p.Answer.From) {
			t.Errorf("hop %d: %v answered, want one of %v", hop.TTL, p.Answer.From, addresses)
		}
		if least := tr.scenario.Truth.Hops[hop.TTL-1].RTT; p.RTT < least.Duration {
			t.Errorf("hop %d: RTT %v is less than light takes, %v", hop.TTL, p.RTT, least)
		}
		if p.Timing.Name != "tcx" {
			t.Errorf("hop %d: RTT by %q, want tcx", hop.TTL, p.Timing.Name)
		}
	}
	if (heard > 0) != (len(addresses) > 0) {
		t.Errorf("hop %d: %d answers, want them from %v", hop.TTL, heard, addresses)
	}
}
