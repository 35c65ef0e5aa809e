package tracer_test

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// A trace through a simulated network. In a real one, the Sender is a
// socket.Raw and the Source a loader.Session.
func ExampleRun() {
	scenario, err := sim.Load("clean")
	if err != nil {
		fmt.Println(err)
		return
	}
	flow := probe.Flow{
		Source:     netip.MustParseAddr("192.0.2.1"),
		Target:     scenario.TargetAddr(false),
		SourcePort: 40000,
		TargetPort: probe.UDP{}.DefaultPort(),
		Secret:     0xbeef,
	}
	link := sim.NewLink(sim.New(scenario, 1), sim.LinkOptions{Secret: flow.Secret, SourcePort: flow.SourcePort})
	trace, err := tracer.Run(context.Background(), tracer.Config{
		Flow: flow,
		OnHop: func(h tracer.Hop) {
			first := h.Probes[0]
			fmt.Println(h.TTL, first.Answer.From, first.State, first.RTT)
		},
	}, link, link)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trace.Stop, "in", len(trace.Hops), "hops")
	// Output:
	// 1 198.18.1.1 answered 1ms
	// 2 198.18.2.1 answered 4ms
	// 3 198.18.3.1 answered 6ms
	// 4 198.18.4.1 answered 10ms
	// 5 198.18.5.1 answered 12ms
	// 6 203.0.113.10 answered 13ms
	// reached in 6 hops
}
