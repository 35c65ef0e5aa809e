package pmtu

import (
	"context"

	"github.com/ebpftrace/ebpftrace/tracer"
)

const (
	// enough is how many packets of a length have to vanish, one byte above a
	// length that passes, for that to be taken for a black hole: packets that are
	// lost at random, one in five, do that in one of 3,000 runs.
	enough = 5
	// batch is how many lengths are tried at a time.
	batch = 3
	// patience is how often a hop may be silent in between, also to what passes,
	// before the search is given up.
	patience = 6
	// tolerance is how often it may be before it is asked for one answer at a time.
	tolerance = 2
)

// search is the search for the largest packet that gets through to a hop.
type search struct {
	*run
	stop
	ttl    int // of the first hop behind that answers
	passes int // the largest length that was answered from behind
	sizes  map[int]*tried
	first  *Message
	mute   int  // rounds in a row that proved nothing
	slow   bool // the hop limits its answers
	probes int
}

// tried is what became of packets of a length.
type tried struct {
	passed, vanished int
	refused          []Message
}

func (t *tried) fails() bool { return t.passed == 0 && (t.vanished > 0 || len(t.refused) > 0) }

// sure reports whether what fails has been seen to often enough.
func (t *tried) sure() bool { return len(t.refused) > 0 || t.vanished >= enough }

// settle finds out how long packets may be that get on from a stop, enters the drop,
// and goes on with such packets. If they may be as long as before, there is no drop:
// what was silent was so by chance.
func (r *run) settle(ctx context.Context, s stop) {
	f := &search{run: r, stop: s, ttl: r.behind(s.at), passes: r.cfg.small(), first: s.message, sizes: map[int]*tried{}}
	f.begin()
	for !r.ended && f.step(ctx) {
	}
	r.result.Search += f.probes
	if ctx.Err() != nil && r.err == nil {
		r.ended, r.result.Stop = true, tracer.StopInterrupted
	}
	if f.fails() == 0 {
		r.goOn(f)
		return
	}
	d := f.found()
	r.size = d.MTU
	r.drop(d)
}

// begin enters what is known.
func (f *search) begin() {
	first := &tried{vanished: 1}
	if f.message != nil {
		first = &tried{refused: []Message{*f.message}}
	}
	f.sizes[f.size] = first
}

// found returns the drop that the search has closed in on.
func (f *search) found() Drop {
	fails := f.fails()
	d := Drop{After: f.after, Behind: f.ttl, Before: f.size, MTU: f.passes, Fails: fails, First: f.first}
	d.Evidence = Evidence{
		Refused: len(f.sizes[fails].refused), Vanished: f.sizes[fails].vanished, Probes: f.probes,
	}
	if t := f.sizes[f.passes]; t != nil {
		d.Evidence.Passed = t.passed
	}
	if all := f.sizes[fails].refused; len(all) > 0 {
		d.Message, d.Behind = &all[len(all)-1], f.at
	}
	d.Worth = f.judge(&d)
	return d
}

// goOn goes on behind a stop that was none. What follows is swept again; if that
// stops there again, it goes on behind the hop which the search has got through to.
func (r *run) goOn(f *search) {
	if r.retried < f.ttl {
		r.retried = f.ttl
		return
	}
	for _, h := range f.silent {
		if h.TTL <= f.ttl {
			r.report([]tracer.Hop{h})
		}
	}
}
