package cli

import (
	"io"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// clock is an open source of timestamps.
type clock struct {
	tracer.Source
	io.Closer
	// name is that of the stamp.Timing that its samples have.
	name string
}

// setup is what a source of timestamps may need to know of the trace.
type setup struct {
	route    socket.Route
	raw      *socket.Raw
	flow     probe.Flow
	protocol probe.Protocol
	probes   int // the most that the trace can send
}

// timings are the choices of --timing. A new source is a line here.
var timings = map[string]func(setup) (*clock, error){
	"auto":   kernelClock,
	"kernel": kernelClock,
}

func timingNames() string {
	return strings.Join(slices.Sorted(maps.Keys(timings)), "|")
}

// kernelClock attaches the eBPF programs to the interface of the route.
func kernelClock(s setup) (*clock, error) {
	cookie, err := s.raw.Cookie()
	if err != nil {
		return nil, err
	}
	session, err := loader.Open(loader.Options{
		Interface: s.route.Index,
		Cookie:    cookie,
		Port:      s.flow.SourcePort,
		Secret:    s.flow.Secret,
		Protocol:  s.protocol.Number(s.flow.IPv6()),
		Slots:     slots(s.probes),
	})
	if err != nil {
		return nil, err
	}
	return &clock{session, session, "tcx"}, nil
}

// slots returns a power of two that holds every probe of the trace twice over,
// for the identifiers that are passed over.
func slots(probes int) uint32 { return 1 << bits.Len(uint(max(probes*2, 64)-1)) }
