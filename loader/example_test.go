package loader_test

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// A whole tracer: the path to the address on its command line, with the time of each
// answer and the stamps that it comes from. It needs root.
func ExampleTrace() {
	target, err := netip.ParseAddr(os.Args[1])
	if err != nil {
		fmt.Println(err)
		return
	}
	trace, err := loader.Trace(context.Background(), target, tracer.Config{Queries: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hop := range trace.Hops {
		p := hop.Probes[0]
		fmt.Println(hop.TTL, p.State, p.Answer.From, p.RTT, p.Timing.Name)
	}
}
