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
	if t.Stop == tracer.StopReached {
		r.end = t.Hops[len(t.Hops)-1].TTL
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

// drop enters a drop.
func (r *run) drop(d Drop) {
	r.result.Drops = append(r.result.Drops, d)
	r.cfg.OnDrop(d)
}
