package multipath_test

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// All ways through a simulated network in which the second hop has two next hops.
func Example() {
	scenario, err := sim.Load("diamond_2")
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := multipath.Config{Flow: probe.Flow{
		Source: netip.MustParseAddr("198.19.255.1"), Target: scenario.TargetAddr(false),
		SourcePort: 45000, TargetPort: 33434, Secret: 0xbeef,
	}}
	link := sim.NewLink(sim.New(scenario, 1), sim.LinkOptions{Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort})
	result, err := multipath.Run(context.Background(), cfg, link, link)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range result.Links {
		from, to := result.Nodes[l.From], result.Nodes[l.To]
		fmt.Printf("hop %d, by %s: %v to %v\n", from.Hop, from.Balance, from.Addr, to.Addr)
	}
	fmt.Printf("%s, all found with a probability of %.0f %%\n", result.Stop, 100*result.Confidence)
	// Unordered output:
	// hop 0, by none: 198.19.255.1 to 198.18.1.1
	// hop 1, by none: 198.18.1.1 to 198.18.2.1
	// hop 2, by flow: 198.18.2.1 to 198.18.3.1
	// hop 2, by flow: 198.18.2.1 to 198.18.3.2
	// hop 3, by none: 198.18.3.1 to 198.18.4.1
	// hop 3, by none: 198.18.3.2 to 198.18.4.1
	// hop 4, by none: 198.18.4.1 to 203.0.113.10
	// reached, all found with a probability of 95 %
}
