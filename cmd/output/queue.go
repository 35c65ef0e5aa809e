package output

import (
	"fmt"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// LongQueue is for how long this host's own queue has to hold probes, at the median, before
// people are told; heldAtMost, one of them. A path is seldom slower by less, and a probe in
// a hundred waits for longer on a busy host.
const (
	LongQueue  = time.Millisecond
	heldAtMost = 10 * time.Millisecond
)

func queueLines(_ Header, t *tracer.Trace) []string { return Queued(t) }

// Queued says, in a line if there is anything to say, that probes waited in this host's
// queueing discipline where the times leave that out: what people feel is then slower
// than what they read.
func Queued(t *tracer.Trace) []string {
	held := held(t)
	if len(held) == 0 {
		return nil
	}
	median, longest := held[len(held)/2], held[len(held)-1]
	if median < LongQueue && longest < heldAtMost {
		return nil
	}
	return []string{fmt.Sprintf("this host's own queue held probes for %s (median), %s at most; no round-trip time includes that (--stamps: of each)",
		Duration(median), Duration(longest))}
}

// held returns how long each probe waited from tcx egress to the driver, in order of
// length, for those whose time begins behind that.
func held(t *tracer.Trace) (all []time.Duration) {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			s := p.Stamps
			if p.Timing.Send == stamp.DriverStart && s[stamp.TCXEgress] != 0 && s[stamp.DriverStart] != 0 {
				all = append(all, s[stamp.DriverStart].Sub(s[stamp.TCXEgress]))
			}
		}
	}
	slices.Sort(all)
	return all
}
