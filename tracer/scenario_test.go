package tracer_test

import (
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// client is where the probes come from, by whether over IPv6.
var client = map[bool]netip.Addr{
	false: netip.MustParseAddr("198.19.255.1"), true: netip.MustParseAddr("2001:db8:ffff::1"),
}

// traced is a scenario that was traced, in virtual time.
type traced struct {
	*tracer.Trace
	scenario *sim.Scenario
	ipv6     bool
}

// trace traces through a scenario. The seed decides its chances.
func trace(t *testing.T, s *sim.Scenario, p probe.Protocol, ipv6 bool, cfg tracer.Config) traced {
	t.Helper()
	cfg.Protocol, cfg.Flow = p, flow(s, p, ipv6)
	net := link(s, cfg.Flow)
	got, err := tracer.Run(t.Context(), cfg, net, net)
	if err != nil {
		t.Fatal(err)
	}
	return traced{got, s, ipv6}
}

func flow(s *sim.Scenario, p probe.Protocol, ipv6 bool) probe.Flow {
	return probe.Flow{
		Source: client[ipv6], Target: s.TargetAddr(ipv6),
		SourcePort: 45000, TargetPort: p.DefaultPort(), FlowLabel: 0x12345, Secret: 0xbeef,
	}
}

func link(s *sim.Scenario, f probe.Flow) *sim.Link {
	return sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort})
}

// scenario loads a scenario that comes with package sim.
func scenario(t *testing.T, name string) *sim.Scenario {
	t.Helper()
	s, err := sim.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// everyWay runs a test for both families and every protocol.
func everyWay(t *testing.T, test func(t *testing.T, p probe.Protocol, ipv6 bool)) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			family := map[bool]string{false: "4", true: "6"}[ipv6]
			t.Run(p.Name()+family, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { test(t, p, ipv6) })
			})
		}
	}
}

// TestScenarios holds every trace against the truth in the scenario's file.
func TestScenarios(t *testing.T) {
	for _, name := range sim.Names() {
		t.Run(name, func(t *testing.T) {
			everyWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
				s := scenario(t, name)
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
