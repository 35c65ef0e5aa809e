package output

import (
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// search is what a search for all paths found, as a MultipathWriter gets to see it.
type search struct {
	name   string
	header MultipathHeader
	result *multipath.Result
	err    error
}

// searches are of simulated networks, in virtual time, but for those that a network
// does not bring about.
func searches(t *testing.T) []search {
	all := []search{
		simulated(t, "diamond_2", false, multipath.Config{}),
		simulated(t, "diamond_nested", true, multipath.Config{Protocol: probe.TCP{}}),
		simulated(t, "diamond_64", false, multipath.Config{Protocol: probe.ICMP{}}),
		simulated(t, "diamond_silent", false, multipath.Config{Full: true}),
		simulated(t, "diamond_lossy", false, multipath.Config{}),
		simulated(t, "diamond_at_random", false, multipath.Config{}),
		simulated(t, "diamond_per_destination", false, multipath.Config{Destinations: 60}),
		simulated(t, "diamond_barred", false, multipath.Config{}),
		simulated(t, "diamond_loop", false, multipath.Config{}),
		simulated(t, "diamond_open", false, multipath.Config{MaxTTL: 3}),
		simulated(t, "all_silent", false, multipath.Config{}),
		simulated(t, "unreachable_host", false, multipath.Config{}),
	}
	short := simulated(t, "diamond_4", false, multipath.Config{MaxProbes: 30})
	short.name = "too few probes"
	failed := simulated(t, "diamond_2", false, multipath.Config{MaxProbes: 20})
	failed.name, failed.result.Stop, failed.err = "failed", tracer.StopFailed, errors.New("link \x1b[31mdown")
	hostile := simulated(t, "diamond_2", false, multipath.Config{})
	hostile.name, hostile.header.Names = "hostile names", book{
		"198.18.1.1": "\x1b]0;owned\a", "198.18.2.1": `a"]; n0 -> n9 [label="b\`, "198.18.3.1": "&#10;<b>&quot;",
	}
	hostile.header.Target, hostile.header.Notes = "a\nb", []string{"a note with \x1b[2J"}
	counted := simulated(t, "diamond_2", true, multipath.Config{})
	counted.name, counted.result.Counters = "counters", tracer.Counters{
		Overflow: 1, ImpossibleStamps: 2, LateStamps: 3, Malformed: 4, Unmatched: 5, Duplicates: 6,
	}
	counted.result.Tally = multipath.Tally{
		Sent: 90, Lost: 7, Awaited: 8, NotSent: 9, Late: 10, Rewritten: 11, Unidentified: 12, Stray: 13,
		Impossible: 14, Unparsed: 15, Beyond: 16, Duplicates: 4, Retried: 1, Repeated: 2,
	}
	return append(all, short, failed, hostile, counted, search{
		name: "nothing", header: multipathHeader(header4, false), err: errors.New("no probe can be built"),
	})
}

func multipathHeader(h Header, ipv6 bool) MultipathHeader {
	m := MultipathHeader{Header: h, Confidence: 0.95, Again: Again{
		SourcePort: 45000, Command: []string{"ebpftrace", "--sport 45000", h.Address.String()},
	}}
	if ipv6 {
		label := uint32(0) // a label too
		m.Again.FlowLabel = &label
	}
	return m
}

// simulated finds the paths through a scenario, always the same ones.
func simulated(t *testing.T, scenario string, ipv6 bool, cfg multipath.Config) (s search) {
	t.Helper()
	network, err := sim.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	cfg = cfg.WithDefaults()
	h := header4
	cfg.Flow = probe.Flow{
		Source: netip.MustParseAddr("198.19.255.1"), Target: network.TargetAddr(ipv6),
		SourcePort: 45000, TargetPort: 33434, Secret: 0xbeef,
	}
	cfg.FirstIdent = 1
	if ipv6 {
		h, cfg.Flow.Source = header6, netip.MustParseAddr("2001:db8:ffff::1")
	}
	h.Target, h.Address, h.Source, h.Protocol = "target.lab", cfg.Flow.Target, cfg.Flow.Source, cfg.Protocol.Name()
	s = search{name: scenario, header: multipathHeader(h, ipv6)}
	synctest.Test(t, func(t *testing.T) {
		link := sim.NewLink(sim.New(network, 1), sim.LinkOptions{
			Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort, SourcePorts: cfg.MaxFlows,
		})
		if s.result, err = multipath.Run(t.Context(), cfg, link, link); err != nil {
			t.Fatal(err)
		}
	})
	s.result.Started = began.Add(time.Second)
	return s
}
