package loss

import (
	"cmp"
	"math"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// trip is when a probe left and its answer came.
type trip struct{ sent, heard stamp.Mono }

// overtaken counts the answers of a hop's probes that came after one to a probe that
// was sent later, of the same flow (RFC 4737, 3.3). Only stamps of one pair of points
// are compared. It takes little longer for thousands of probes.
func overtaken(probes []tracer.Probe) (n int) {
	type kind struct {
		flow   int
		timing stamp.Timing
	}
	trips := map[kind][]trip{}
	for i := range probes {
		if p := &probes[i]; p.State.Heard() && p.Timing.Name != "" {
			k := kind{p.Flow, p.Timing}
			trips[k] = append(trips[k], trip{p.Stamps[p.Timing.Send], p.Stamps[p.Timing.Receive]})
		}
	}
	for _, all := range trips {
		n += late(all)
	}
	return n
}

// late counts the trips that ended after one that began later. It goes from the last
// sent to the first, and knows the earliest end of those it has passed.
func late(all []trip) (n int) {
	slices.SortFunc(all, func(a, b trip) int { return cmp.Compare(b.sent, a.sent) })
	earliest := stamp.Mono(math.MaxInt64)
	for len(all) > 0 {
		same := slices.IndexFunc(all, func(t trip) bool { return t.sent != all[0].sent })
		if same < 0 {
			same = len(all)
		}
		for _, t := range all[:same] {
			if t.heard > earliest {
				n++
			}
		}
		for _, t := range all[:same] {
			earliest = min(earliest, t.heard)
		}
		all = all[same:]
	}
	return n
}
