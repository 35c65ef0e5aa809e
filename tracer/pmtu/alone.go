package pmtu

import (
	"context"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// repeats is how often each length is tried where what passes is silent.
const repeats = 2

// alone ends the run at a stop that nobody behind is heard of, whatever the length.
// Without a message there is no drop then, only silence. With one, it can still be
// seen what is refused.
func (r *run) alone(ctx context.Context, s stop) {
	if s.message != nil {
		r.drop(r.refusing(ctx, s))
	}
	if !r.ended {
		r.ended, r.result.Stop = true, s.reason
	}
	r.report(s.silent)
}

// refusals is the search for the shortest packet that is refused. What is not, while
// a longer one sent right after it is, passes.
type refusals struct {
	*run
	stop
	passes, fails int
	slow          int         // how often messages were found to be held back
	tried         map[int]int // messages by length
	probes        int
}

// refusing carries out that search, and returns the drop.
func (r *run) refusing(ctx context.Context, s stop) Drop {
	f := refusals{run: r, stop: s, passes: r.cfg.small(), fails: r.size, tried: map[int]int{r.size: 1}}
	for !r.ended && f.fails > f.passes+1 && f.slow < patience && time.Since(r.result.Started) < r.cfg.MaxTime {
		f.step(ctx)
	}
	r.result.Search += f.probes
	d := Drop{
		After: s.after, Before: r.size, Fails: f.fails, Message: s.message, First: s.message,
		Evidence: Evidence{Refused: f.tried[f.fails], Probes: f.probes},
	}
	if f.passes > r.cfg.small() {
		d.MTU = f.passes
	}
	d.Worth = r.judge(&d)
	return d
}

// step tries some lengths, and then one that is refused: if it is not now, messages
// are held back, and the others' absence says nothing.
func (f *refusals) step(ctx context.Context) {
	lengths := f.lengths()
	shots := f.shoot(ctx, f.at, append(f.pacing(ctx, lengths), f.fails))
	f.probes += len(shots)
	if !refusesStill(shots, f.fails) {
		f.slow++
		return
	}
	for _, p := range shots {
		f.tried[p.Size] += count(tooBig(p))
	}
	f.bound(lengths)
}

// pacing returns the packets to send for some lengths. A router that holds messages
// back is given time to be ready for the two that may be due.
func (f *refusals) pacing(ctx context.Context, lengths []int) []int {
	if f.slow == 0 {
		return slices.Repeat(lengths, repeats)
	}
	pause(ctx, f.slow)
	return slices.Clone(lengths)
}

// lengths returns what to try: first what the message claims, and one byte more.
func (f *refusals) lengths() (all []int) {
	claim := f.message.MTU
	if _, was := f.tried[claim]; !was && claim > f.passes && claim < f.fails {
		all = above(claim, f.fails)
	} else {
		all = candidates(f.passes, f.fails, batch)
	}
	if f.slow > 0 {
		all = all[len(all)/2:][:1]
	}
	return all
}

// bound draws from what came of some lengths what passes and what fails.
func (f *refusals) bound(lengths []int) {
	for _, size := range lengths {
		if f.tried[size] > 0 {
			f.fails = min(f.fails, size)
		}
	}
	for _, size := range lengths {
		if size < f.fails {
			f.passes = max(f.passes, size)
		}
	}
}

// refusesStill reports whether the last packet of a length was refused.
func refusesStill(shots []tracer.Probe, size int) (refused bool) {
	for _, p := range shots {
		if p.Size == size {
			refused = tooBig(p)
		}
	}
	return refused
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
