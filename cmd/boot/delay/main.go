// Delay holds round-trip times against a delay that is known: in a chain of
// routers, the first of which delays what it passes on (netem), it traces to the
// target, step by step, and fits a line through the medians. The line's
// slope must be 1. Its intercept is the path's own time and the bias of the
// measurement together; the RTT of a router before the delay shows how much of
// it is the path's. A delay is a lower bound, so no RTT may be shorter.
//
//	go run ./cmd/boot -kernel 6.12 -program ./cmd/ebpftrace -program ./cmd/boot/delay -- /bin/delay
//
// It exits with 0 if slope and bound hold. It needs root, netem, and ebpftrace
// in PATH.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// steps are the delays: short ones, where a bias shows, and long ones, where a
// wrong slope does.
var steps = []time.Duration{
	0, 1 * time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond,
	10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
}

// The chain: the first router sends what goes on to the second late.
const (
	routers  = 2
	delayed  = "r1"
	beforeIt = 1 // the TTL that expires before the delay
	behindIt = routers + 1
)

func main() {
	lab.Enter(os.Args)
	probes := flag.Int("probes", 200, "probes a step at least")
	tolerance := flag.Float64("tolerance", 0.01, "by how much the slope may differ from 1")
	flags := flag.String("flags", "-4", "flags of the traces, such as '-6 -T'")
	flag.Parse()
	if err := run(context.Background(), *probes, *tolerance, *flags); err != nil {
		fmt.Fprintln(os.Stderr, "delay:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, probes int, tolerance float64, flags string) error {
	l, err := lab.Chain(ctx, lab.Options{Routers: routers})
	if err != nil {
		return err
	}
	defer l.Close()
	m := &measurement{lab: l, probes: probes, flags: flags}
	all, err := m.measure(ctx)
	if err != nil {
		return err
	}
	line := fit(all, step.rtt)
	fmt.Printf("RTT: %v\ntcx: %v\n", line, fit(all, step.tcx))
	return check(all, line, tolerance)
}
