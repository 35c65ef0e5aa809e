package pmtu

import (
	"context"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// look sends short packets to the hops from a stop on, unless that was done, to see
// which of them answer at all. If none does, the run is over: more.
func (r *run) look(ctx context.Context, s stop) (more bool) {
	if r.far == 0 {
		r.shorts(ctx, s)
	}
	if r.ended {
		return false
	}
	if r.behind(s.at) > 0 {
		return true
	}
	r.alone(ctx, s)
	return false
}

func (r *run) shorts(ctx context.Context, s stop) {
	small := make([]int, r.cfg.Queries)
	for i := range small {
		small[i] = r.cfg.small()
	}
	t := r.trace(ctx, tracer.Config{FirstTTL: s.at, MaxTTL: r.cfg.MaxTTL, Sizes: small})
	if t == nil {
		return
	}
	r.far = r.cfg.MaxTTL
	for _, h := range t.Hops {
		if passed(h) {
			r.known[h.TTL] = true
		}
	}
}

// behind returns the first TTL from one on that answers short packets; 0: none.
func (r *run) behind(ttl int) int {
	for ; ttl <= r.far; ttl++ {
		if r.known[ttl] {
			return ttl
		}
	}
	return 0
}

// alone ends the run at a stop that nobody behind is heard of, whatever the length.
// Without a message there is no drop then, only silence. With one, it can still be
// seen what is refused.
func (r *run) alone(ctx context.Context, s stop) {
	r.ended, r.result.Stop = true, s.reason
	if s.message == nil {
		r.report(s.silent)
		return
	}
	d := Drop{After: s.after, Before: r.size, MTU: s.message.MTU, Message: s.message, First: s.message}
	if m := s.message.MTU; m >= r.cfg.small() && m < r.size {
		r.confirm(ctx, s, &d)
	}
	d.Worth = r.judge(&d)
	r.drop(d)
	r.report(s.silent)
}

// confirm tries the length that a message claims, and one byte more: what is not
// refused, passes.
func (r *run) confirm(ctx context.Context, s stop, d *Drop) {
	m := s.message.MTU
	shots := r.shoot(ctx, s.at, []int{m, m, m, m + 1, m + 1, m + 1})
	refused := map[int]int{}
	for _, p := range shots {
		if tooBig(p) {
			refused[p.Size]++
		}
	}
	r.result.Search += len(shots)
	d.Evidence.Probes, d.Evidence.Refused = len(shots), refused[m+1]
	switch {
	case refused[m] > 0:
		d.MTU, d.Fails = 0, m
	case refused[m+1] > 0:
		d.Fails = m + 1
	}
}

// drop enters a drop.
func (r *run) drop(d Drop) {
	r.result.Drops = append(r.result.Drops, d)
	r.cfg.OnDrop(d)
}
