package cli

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// clock is an open source of timestamps, and what probes leave by.
type clock struct {
	tracer.Source
	sender tracer.Sender
	// port is the probes' source port or echo identifier.
	port uint16
	// ports is how many source ports answers are taken to, from port on.
	ports int
	// timing is the pair of stamps that samples are expected with.
	timing stamp.Timing
	// rung says in a few words what takes them.
	rung string
	// notes say, a line each, why no nearer stamps are taken.
	notes []string
	// asides say what else there is to know of it.
	asides []string
	// needs is what the clock can't do without from now on, its end included.
	needs []cap.Value
	// raw is the socket beneath sender, if that is a raw one.
	raw     *socket.Raw
	closers []io.Closer
	closing sync.Once
	fault   error // of closing
}

// Close closes what the clock opened, the latest first. It may be called more than
// once, also at a time: each call returns when all is closed, and with the same error.
func (c *clock) Close() error {
	c.closing.Do(func() {
		for _, closer := range slices.Backward(c.closers) {
			c.fault = errors.Join(c.fault, closer.Close())
		}
	})
	return c.fault
}

// Departure implements [tracer.Departures], if the source does.
func (c *clock) Departure(ident uint16) (s stamp.Set) {
	if d, ok := c.Source.(tracer.Departures); ok {
		s = d.Departure(ident)
	}
	return s
}

// setup is what a source of timestamps may need to know of the trace.
type setup struct {
	route    socket.Route
	uplinks  []socket.Uplink
	flow     probe.Flow
	protocol probe.Protocol
	probes   int // the most that the trace can send
	// ports is how many source ports probes may have; 0 means 1. Sources that
	// cannot do it take fewer: see clock.ports.
	ports int
	// user asks for the clock of this process besides, where the source
	// would not read it.
	user  bool
	hooks loader.Hooks // how to attach; empty: the best way
}

// number is the IP protocol number of the probes.
func (s setup) number() uint8 { return s.protocol.Number(s.flow.IPv6()) }

// timing is a choice of --timing.
type timing struct {
	name string
	// rungs are the ways to do it, the best first. A lower one is taken where
	// this machine does not allow those above.
	rungs []rung
}

// timings lists the choices, the default first. A new source is a line here, and
// one among the rungs.
var timings = []timing{
	{"auto", []rung{nearest, raw, datagrams}},
	{"kernel", []rung{kernel}},
	{"tcx", []rung{tcx}},
	{"socket", []rung{raw, datagrams}},
	{"user", []rung{rawUser, datagramsUser}},
}

// besideSockets is what bench takes: the sockets it opens itself.
var besideSockets = timing{"auto", []rung{nearest}}

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
