package cli_test

import (
	"context"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// benchPaths are what whole traces are compared over.
var benchPaths = []struct {
	name  string
	start func(context.Context) (*lab.Lab, error)
}{
	{"chain", func(ctx context.Context) (*lab.Lab, error) { return lab.Chain(ctx, lab.Options{Routers: 5}) }},
	{"clean_long", simulatedPath("clean_long")},
	{"silent_hop", simulatedPath("silent_hop")},
	{"silent_target", simulatedPath("silent_target")},
}

func simulatedPath(name string) func(context.Context) (*lab.Lab, error) {
	return func(ctx context.Context) (*lab.Lab, error) {
		s, err := sim.Load(name)
		if err != nil {
			return nil, err
		}
		front, err := lab.Simulated(ctx, s, 1)
		if err != nil {
			return nil, err
		}
		return front.Lab, nil
	}
}
