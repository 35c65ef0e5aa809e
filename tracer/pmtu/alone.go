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

// refusing finds the shortest packet that is refused. What is not, while a longer one
// sent right after it is, passes.
func (r *run) refusing(ctx context.Context, s stop) Drop {
	passes, fails, mute := r.cfg.small(), r.size, 0
	d := Drop{After: s.after, Before: r.size, Message: s.message, First: s.message}
	refused := map[int]int{r.size: 1}
	for !r.ended && fails > passes+1 && mute < patience && time.Since(r.result.Started) < r.cfg.MaxTime {
		lengths := r.tryNext(s.message.MTU, passes, fails, refused)
		shots := r.shoot(ctx, s.at, append(slices.Repeat(lengths, repeats), fails))
		d.Evidence.Probes += len(shots)
		if !refusesStill(shots, fails) {
			mute++
			pause(ctx, mute)
			continue
		}
		mute = 0
		for _, p := range shots {
			refused[p.Size] += count(tooBig(p))
		}
		passes, fails = bounds(lengths, passes, fails, refused)
	}
	r.result.Search += d.Evidence.Probes
	d.Fails, d.Evidence.Refused = fails, refused[fails]
	if passes > r.cfg.small() || d.Exact() {
		d.MTU = passes
	}
	d.Worth = r.judge(&d)
	return d
}

// tryNext returns what to try: first what the message claims, and one byte more.
func (r *run) tryNext(claim, passes, fails int, tried map[int]int) []int {
	if _, was := tried[claim]; !was && claim > passes && claim < fails {
		return above(claim, fails)
	}
	return candidates(passes, fails, batch)
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

// bounds returns what passes and what fails after these lengths were tried.
func bounds(lengths []int, passes, fails int, refused map[int]int) (int, int) {
	for _, size := range lengths {
		if refused[size] > 0 {
			fails = min(fails, size)
		}
	}
	for _, size := range lengths {
		if size < fails {
			passes = max(passes, size)
		}
	}
	return passes, fails
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
