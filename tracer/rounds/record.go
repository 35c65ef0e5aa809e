package rounds

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Change says that the path is no longer what it was.
type Change struct {
	// At is when, by the wall clock, the probe was sent that showed it.
	At time.Time
	// TTL is the hop that another address answers at; 0: the path's length is
	// another one.
	TTL int
	// From answered there before, To does now.
	From, To netip.Addr
	// Was and Is are the numbers of hops to the target, valid iff TTL is 0.
	Was, Is int
}

// maxChanges bounds the changes that are remembered: the latest.
const maxChanges = 1000

// Record is what the rounds of one flow found out. It is not safe for use by several
// goroutines. The zero value is empty and ready.
type Record struct {
	// Keep is the least number of probes that each hop remembers in
	// Hop.Recent, at most twice as many; 0: all.
	Keep int
	// Rounds is the number of whole rounds.
	Rounds int
	// Reached says that the target answered in the latest round, Ever that it
	// did in any.
	Reached, Ever bool
	// Refused is the answer with which a hop barred the way in the latest
	// round; nil: none did.
	Refused *tracer.Probe
	// Length is the number of hops to the target, when it last answered.
	Length int
	// Changes are those of the path, the oldest first, and Changed is how
	// many there were, also of those forgotten.
	Changes []Change
	Changed int
	// Counters and Tally count everything. See tracer.Trace.
	Counters tracer.Counters
	Tally    tracer.Tally

	hops  []*Hop // in order of TTL
	quiet int    // rounds since the target last answered
	// farther counts rounds in a row in which the target answered from further
	// away, and nothing from where it was.
	farther int
	trace   tracer.Trace
}

// Add takes in a round.
func (r *Record) Add(t *tracer.Trace) {
	r.count(t)
	for _, h := range t.Hops {
		hop := r.hop(h.TTL)
		for _, p := range h.Probes {
			if c, changed := hop.add(p, r.Keep); changed {
				r.change(c)
			}
		}
	}
	if t.Stop == tracer.StopInterrupted || t.Stop == tracer.StopFailed {
		return
	}
	r.Rounds++
	r.quiet++
	r.Refused = refused(t)
	if r.Reached = t.Reached(); r.Reached {
		r.arrive(t)
	}
}

// arrive enters how far away the target is. That it answered from further away may
// mean that its nearer answer was lost, unless another hop answered there, or it
// happened several times in a row.
func (r *Record) arrive(t *tracer.Trace) {
	was, is := r.Length, t.Hops[len(t.Hops)-1].TTL
	r.Ever, r.quiet = true, 0
	if was != 0 && is > was && !heardAt(t, was) {
		if r.farther++; r.farther < moved {
			return
		}
	}
	r.farther, r.Length = 0, is
	if was != 0 && was != r.Length {
		r.change(Change{At: t.Started, Was: was, Is: r.Length})
	}
}

// refused returns the answer that ended a trace short of its target; nil if none did.
func refused(t *tracer.Trace) *tracer.Probe {
	if t.Stop != tracer.StopUnreachable {
		return nil
	}
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.State == tracer.Unreachable {
				return &p
			}
		}
	}
	return nil
}

// heardAt reports whether a probe of that TTL was answered.
func heardAt(t *tracer.Trace, ttl int) bool {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if h.TTL == ttl && p.State.Heard() {
				return true
			}
		}
	}
	return false
}

func (r *Record) change(c Change) {
	r.Changed++
	if len(r.Changes) == maxChanges {
		r.Changes = slices.Delete(r.Changes, 0, 1)
	}
	r.Changes = append(r.Changes, c)
}

// count adds what a trace counted to what all did. A source counts on from one
// trace to the next, the engine begins anew.
func (r *Record) count(t *tracer.Trace) {
	if r.trace.Started.IsZero() {
		r.trace = *t
	}
	r.trace.Elapsed = t.Started.Add(t.Elapsed).Sub(r.trace.Started)
	r.trace.Stop, r.trace.NextIdent = t.Stop, t.NextIdent
	r.Counters = t.Counters
	r.Tally.Add(t.Tally)
}

func (r *Record) hop(ttl int) *Hop {
	i, found := slices.BinarySearchFunc(r.hops, ttl, func(h *Hop, ttl int) int { return h.TTL - ttl })
	if !found {
		r.hops = slices.Insert(r.hops, i, &Hop{TTL: ttl})
	}
	return r.hops[i]
}

// moved is the number of rounds in a row in which the target has to answer from further
// away, and nothing from where it was, to have moved behind a silent hop. Of paths that
// lose a third, one in some hundred loses as many answers in a row.
const moved = 5

// missing is the number of rounds without an answer of the target after which its
// place on the path is no longer known.
const missing = 3

// Hops returns the hops in order of TTL: up to the target, or, where that does not
// answer, up to the last that anybody answered at.
func (r *Record) Hops() []*Hop {
	end := 0
	for i, h := range r.hops {
		if h.Answered() > 0 && (!r.Ever || r.quiet >= missing || h.TTL <= r.Length) {
			end = i + 1
		}
	}
	return r.hops[:end]
}

// Trace returns the probes that are remembered as one trace: that of all rounds if
// Keep is 0.
func (r *Record) Trace() *tracer.Trace {
	t := r.trace
	t.Counters, t.Tally, t.Hops = r.Counters, r.Tally, nil
	if r.Ever {
		t.Stop = tracer.StopReached
	}
	for _, h := range r.Hops() {
		hop := tracer.Hop{TTL: h.TTL, Probes: slices.Clone(h.Recent)}
		for i := range hop.Probes {
			hop.Probes[i].Query = i
		}
		t.Hops = append(t.Hops, hop)
	}
	return &t
}

// Empty reports whether no round was added, not even a part of one.
func (r *Record) Empty() bool { return r.trace.Started.IsZero() }
