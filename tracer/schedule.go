package tracer

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/flight"
)

// Next implements [flight.Policy]. Near hops come first, so that hops are complete
// in the order in which they are reported; as each has one probe under way, the far
// ones still get theirs at once.
func (r *run) Next(now time.Time) (order flight.Order[struct{}], due time.Time) {
	for t := r.first; t <= r.horizon(); t++ {
		if len(r.view(t)) >= r.cfg.Queries {
			continue
		}
		at := r.readyAt(t)
		if !now.Before(at) {
			return r.order(t), time.Time{}
		}
		if due.IsZero() || at.Before(due) {
			due = at
		}
	}
	return order, due
}

func (r *run) order(ttl int) flight.Order[struct{}] {
	return flight.Order[struct{}]{Flow: r.cfg.Flow, TTL: ttl, Query: len(r.at(ttl)), Size: r.size(ttl)}
}

// size returns the first of the sizes asked for that no probe at the hop has yet;
// 0: none was asked for. Probes that were struck off are sent again.
func (r *run) size(ttl int) int {
	left := slices.Clone(r.cfg.Sizes)
	for _, e := range r.at(ttl) {
		if i := slices.Index(left, e.Size); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	if len(left) == 0 {
		return 0
	}
	return left[0]
}

// readyAt returns when a hop may be sent its next probe: one at a time, until it
// has been silent for longer than a hop is given patience.
func (r *run) readyAt(ttl int) time.Time {
	var at time.Time
	for _, e := range r.view(ttl) {
		if e.State == Sent {
			at = e.Sent.Add(patience(r.rttAt(ttl), r.rttNear(ttl)))
		}
	}
	return at
}

// Timeout implements [flight.Policy].
func (r *run) Timeout(e *entry) time.Duration {
	return r.cfg.Wait.timeout(r.rttAt(e.TTL), r.rttNear(e.TTL), r.engine.Slowest())
}
