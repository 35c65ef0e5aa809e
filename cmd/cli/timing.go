package cli

import (
	"errors"
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// clock is an open source of timestamps.
type clock struct {
	tracer.Source
	// sender is what probes have to leave through.
	sender tracer.Sender
	// timing is the pair of stamps that samples are expected with.
	timing stamp.Timing
	// notes say, a line each, why no nearer stamps are taken.
	notes   []string
	closers []io.Closer
}

// Close closes what the clock opened, the latest first.
func (c *clock) Close() error {
	var errs []error
	for i := len(c.closers) - 1; i >= 0; i-- {
		errs = append(errs, c.closers[i].Close())
	}
	return errors.Join(errs...)
}

// setup is what a source of timestamps may need to know of the trace.
type setup struct {
	route    socket.Route
	raw      *socket.Raw
	flow     probe.Flow
	protocol probe.Protocol
	probes   int // the most that the trace can send
	// user asks for the clock of this process besides, where the source
	// would not read it.
	user bool
}

// timing is a choice of --timing.
type timing struct {
	name string
	// allowed reports what this process may not do that the choice needs.
	allowed func() error
	open    func(setup) (*clock, error)
}

// timings lists the choices, the default first. A new source is a line here.
var timings = []timing{
	{"auto", kernelAllowed, nearestClock},
	{"kernel", kernelAllowed, kernelClock},
	{"tcx", kernelAllowed, tcxClock},
	{"socket", socketAllowed, socketClock},
	{"user", socketAllowed, userClock},
}

func timingByName(name string) (timing, error) {
	for _, t := range timings {
		if t.name == name {
			return t, nil
		}
	}
	return timing{}, usage("--timing %q: use one of %s", name, timingNames())
}

func timingNames() string {
	names := make([]string, len(timings))
	for i, t := range timings {
		names[i] = t.name
	}
	return strings.Join(names, "|")
}
