// Package simtest has what tests begin with that run through simulated networks.
package simtest

import (
	"cmp"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// Client is where probes come from, by whether over IPv6.
var Client = map[bool]netip.Addr{
	false: netip.MustParseAddr("198.19.255.1"), true: netip.MustParseAddr("2001:db8:ffff::1"),
}

// Load returns a scenario that comes with package sim.
func Load(t testing.TB, name string) *sim.Scenario {
	t.Helper()
	s, err := sim.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Parse makes a scenario of a text.
func Parse(t testing.TB, text string) *sim.Scenario {
	t.Helper()
	s, err := sim.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Flow returns a flow to a scenario's target.
func Flow(s *sim.Scenario, p probe.Protocol, ipv6 bool) probe.Flow {
	return probe.Flow{
		Source: Client[ipv6], Target: s.TargetAddr(ipv6), SourcePort: 45000,
		TargetPort: cmp.Or(p.DefaultPort(), 1), FlowLabel: 0x12345, Secret: 0xbeef,
	}
}

// Link returns the way of a flow into the scenario's network. The seed decides its
// chances.
func Link(s *sim.Scenario, seed uint64, f probe.Flow) *sim.Link {
	return sim.NewLink(sim.New(s, seed), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort})
}

// EveryWay runs a test for all protocols over both families, in virtual time.
func EveryWay(t *testing.T, test func(t *testing.T, p probe.Protocol, ipv6 bool)) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			family := map[bool]string{false: "4", true: "6"}[ipv6]
			t.Run(p.Name()+family, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { test(t, p, ipv6) })
			})
		}
	}
}

// RouterAnswer returns the packet by which a router answers a UDP probe over IPv4, with
// the addresses of scenario clean.
func RouterAnswer(t testing.TB) []byte {
	t.Helper()
	s := Load(t, "clean")
	f := Flow(s, probe.UDP{}, false)
	link := Link(s, 1, f)
	packet, err := probe.UDP{}.Marshal(f, 1, 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := link.Send(packet); err != nil {
		t.Fatal(err)
	}
	a, err := link.Next(time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return a.Packet
}
