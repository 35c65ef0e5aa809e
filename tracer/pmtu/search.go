package pmtu

import (
	"context"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// step finds out something more. more is false if nothing is left to do.
func (f *search) step(ctx context.Context) (more bool) {
	lengths := f.lengths()
	switch {
	case len(lengths) == 0, f.mute >= patience, time.Since(f.result.Started) > f.cfg.MaxTime:
		return false
	case f.slow:
		f.carefully(ctx, lengths)
	default:
		f.atOnce(ctx, lengths)
	}
	return ctx.Err() == nil
}

// atOnce tries the lengths that would tell most, between two packets that pass: the
// second shows that the hop still answers.
func (f *search) atOnce(ctx context.Context, lengths []int) {
	shots := f.shoot(ctx, f.ttl, slices.Concat([]int{f.passes}, lengths, []int{f.passes}))
	f.bookAll(shots, answering(shots, f.passes))
	if f.slow = f.mute >= tolerance; f.mute > 0 {
		pause(ctx, f.mute)
	}
}

// carefully tries one length, at a hop that limits its answers: so that there is one
// to be answered, and a packet that passes only if there is none.
func (f *search) carefully(ctx context.Context, lengths []int) {
	pause(ctx, f.mute+1)
	if lengths[0] != lengths[len(lengths)-1] {
		lengths = lengths[len(lengths)/2:][:1]
	}
	shots := f.shoot(ctx, f.ttl, lengths)
	if !answering(shots, lengths[0]) {
		shots = append(shots, f.shoot(ctx, f.ttl, []int{f.passes})...)
	}
	last := len(shots) - 1
	f.bookAll(shots, last >= 0 && shots[last].State.Heard())
}

// pause leaves a hop alone that limits its answers, for the longer the more often it
// was silent.
func pause(ctx context.Context, mute int) {
	select {
	case <-ctx.Done():
	case <-time.After(250 * time.Millisecond << mute):
	}
}

// serial reports whether packets to a hop are sent one at a time: where answers
// acknowledge what a packet holds, lengths must not be mixed in flight.
func (r *run) serial(ttl int) bool { return r.cfg.tcp() && r.end > 0 && ttl >= r.end }

// shoot sends packets of these lengths, in this order, with one TTL.
func (r *run) shoot(ctx context.Context, ttl int, sizes []int) []tracer.Probe {
	window := r.cfg.Window
	if r.serial(ttl) {
		window = 1
	}
	t := r.trace(ctx, tracer.Config{FirstTTL: ttl, MaxTTL: ttl, Sizes: sizes, Window: window})
	if t == nil || len(t.Hops) == 0 {
		return nil
	}
	return t.Hops[0].Probes
}
