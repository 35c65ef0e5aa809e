package pmtu

import (
	"context"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// fails returns the shortest length that does not pass, above what does; 0: none.
func (f *search) fails() (least int) {
	for size, t := range f.sizes {
		if t.fails() && size > f.passes && (least == 0 || size < least) {
			least = size
		}
	}
	return least
}

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

// bookAll books packets. answers says that the last of them was answered, so that it
// means something if the others were not.
func (f *search) bookAll(shots []tracer.Probe, answers bool) {
	f.probes += len(shots)
	f.mute++
	if answers {
		f.mute = 0
	}
	for _, p := range shots {
		f.book(p, answers)
	}
}

// answering reports whether the last packet of a length was answered.
func answering(shots []tracer.Probe, size int) (heard bool) {
	for _, p := range shots {
		if p.Size == size {
			heard = p.State.Heard()
		}
	}
	return heard
}

// pause leaves a hop alone that limits its answers, for the longer the more often it
// was silent.
func pause(ctx context.Context, mute int) {
	select {
	case <-ctx.Done():
	case <-time.After(250 * time.Millisecond << mute):
	}
}

// lengths returns those to be tried next: first what a message claims, and one byte
// more; then what divides the space between; at last what fails, until that is sure.
// None: all is known.
func (f *search) lengths() []int {
	fails := f.fails()
	switch {
	case fails == 0:
		return nil
	case fails > f.passes+1:
		return f.between(fails)
	case f.sizes[fails].sure():
		return nil
	}
	return slices.Repeat([]int{fails}, enough-f.sizes[fails].vanished)
}

// between returns what to try between what passes and what fails.
func (f *search) between(fails int) []int {
	if f.message != nil {
		claim := f.message.MTU
		if claim > f.passes && claim < fails && f.sizes[claim] == nil {
			return above(claim, fails)
		}
	}
	n := batch
	if f.serial(f.ttl) {
		n = 1 // one length after the other: in halves
	}
	return candidates(f.passes, fails, n)
}

// above returns a length, and the next one if that is not known to fail.
func above(size, fails int) []int {
	if size+1 < fails {
		return []int{size, size + 1}
	}
	return []int{size}
}

// book enters what became of a packet. That nothing came counts only if a packet
// sent later was answered.
func (f *search) book(p tracer.Probe, answers bool) {
	t := f.sizes[p.Size]
	if t == nil {
		t = &tried{}
		f.sizes[p.Size] = t
	}
	switch {
	case p.State.Heard() && f.refuses(p):
		m := Message{From: p.Answer.From, Size: p.Size, MTU: p.Answer.MTU}
		t.refused = append(t.refused, m)
		if f.first == nil {
			f.first = &m
		}
	case p.State.Heard():
		t.passed++
		if p.Size >= f.passes {
			f.passes, f.got[f.ttl] = p.Size, p
		}
	case p.State == tracer.Lost && answers:
		t.vanished++
	}
}

// refuses reports whether an answer comes from before the drop. One that a packet is
// too big may come from behind: that packet has passed here.
func (f *search) refuses(p tracer.Probe) bool {
	return tooBig(p) && (f.ttl == f.at || f.message != nil && p.Answer.From == f.message.From)
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
