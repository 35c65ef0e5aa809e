package bench

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Result is what the rounds measured.
type Result struct {
	// Header says what was measured. Run leaves it to the caller.
	Header output.Header
	// Path sums up the rounds. The trace that learned the path is not in it.
	Path stats.Path
	// Started is the wall clock at the start.
	Started time.Time
	Elapsed time.Duration
	// Rounds is the number of whole rounds, of Count that were asked for.
	Rounds, Count int
	Interval      time.Duration
	Load          Load // nil for none
	// Interrupted says that the context ended it.
	Interrupted bool
	// Learned is why the trace that learned the path ended.
	Learned tracer.StopReason
	// Counters and Tally count everything, the first trace included.
	Counters tracer.Counters
	Tally    tracer.Tally

	length int               // the highest TTL that answered, or the target's
	losses map[int]*loss.Sum // by path, and of all of them together
}

// learn takes the path's length from a trace: up to the last hop that answered.
func (r *Result) learn(t *tracer.Trace) {
	r.Learned = t.Stop
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.State.Heard() {
				r.length = max(r.length, h.TTL)
			}
		}
	}
	r.tally(t)
}

// add takes in a round.
func (r *Result) add(t *tracer.Trace) {
	route := r.Path.AddRound(t.Hops)
	for _, sum := range []*loss.Sum{r.sum(route), r.sum(together)} {
		sum.Add(loss.Phase{Interval: r.Interval, Hops: t.Hops})
	}
	r.tally(t)
}

// tally adds what a trace counted to what all did. A source counts on from one
// trace to the next, the engine begins anew.
func (r *Result) tally(t *tracer.Trace) {
	r.Counters = t.Counters
	r.Tally.Add(t.Tally)
}

// Names finds the names of all that answered, waiting for as long as patience.
func (r *Result) Names(patience time.Duration) {
	if r.Header.Names == nil {
		return
	}
	over := time.After(patience)
	for _, h := range r.Path.Hops() {
		for _, responder := range h.Responders {
			r.Header.Names.Lookup(responder.Addr)
		}
	}
	for _, h := range r.Path.Hops() {
		for _, responder := range h.Responders {
			select {
			case <-r.Header.Names.Lookup(responder.Addr):
			case <-over:
				return
			}
		}
	}
}

// Name returns the name of an address, safe to show, or nothing.
func (r *Result) Name(addr netip.Addr) string {
	if r.Header.Names == nil {
		return ""
	}
	name, _ := r.Header.Names.Name(addr)
	return output.Safe(name)
}

// LoadName says what load there was: "busy=2", or "none".
func (r *Result) LoadName() string {
	if r.Load == nil {
		return "none"
	}
	return r.Load.String()
}
