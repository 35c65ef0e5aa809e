package pmtu

import (
	"context"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// stop is where packets of a length no longer get through.
type stop struct {
	after   int          // the last TTL that was answered
	at      int          // the first that was not
	message *Message     // why; nil: they vanish
	silent  []tracer.Hop // from at on
	reason  tracer.StopReason
}

// sweep sends packets as long as get through up to the next hop to all that are
// left. Hops that they get through to are reported at once.
func (r *run) sweep(ctx context.Context) *tracer.Trace {
	var quiet []tracer.Hop
	t := r.trace(ctx, tracer.Config{
		FirstTTL: r.next, MaxTTL: r.cfg.MaxTTL, Queries: r.cfg.Queries,
		OnHop: func(h tracer.Hop) {
			if quiet = append(quiet, h); passed(h) || r.proven(h.TTL) {
				r.report(quiet)
				quiet = nil
			}
		},
	})
	if t == nil {
		return nil
	}
	switch {
	case r.ended: // interrupted
		r.report(r.rest(t))
	case t.Stop == tracer.StopReached, t.Stop == tracer.StopUnreachable && refusal(t) == nil,
		t.Stop == tracer.StopMaxTTL && r.next > r.cfg.MaxTTL:
		r.report(r.rest(t))
		r.ended, r.result.Stop = true, t.Stop
	}
	return t
}

// rest returns the hops that were not reported yet.
func (r *run) rest(t *tracer.Trace) []tracer.Hop {
	at := slices.IndexFunc(t.Hops, func(h tracer.Hop) bool { return h.TTL >= r.next })
	if at < 0 {
		return nil
	}
	return t.Hops[at:]
}

// report enters hops that packets of the length reached so far get through to, or
// that are silent.
func (r *run) report(hops []tracer.Hop) {
	for _, h := range hops {
		hop := Hop{Hop: h}
		if r.proven(h.TTL) && !passed(h) {
			hop.Probes = append(slices.Clone(h.Probes), r.got[h.TTL]) // it limits its answers
		}
		if passed(hop.Hop) {
			hop.MTU = r.size
		}
		r.result.Hops = append(r.result.Hops, hop)
		r.next = h.TTL + 1
		r.cfg.OnHop(hop)
	}
}

// proven reports whether a search has got through to a hop with packets as long as
// those of the sweep.
func (r *run) proven(ttl int) bool { return r.got[ttl].Size == r.size }

// passed reports whether a hop has been got through to. (A message that the packet
// is too big comes from one before.)
func passed(h tracer.Hop) bool {
	return slices.ContainsFunc(h.Probes, func(p tracer.Probe) bool { return p.State.Heard() && !tooBig(p) })
}

// refusal returns the probe with the lowest TTL that was too big; nil: none was.
func refusal(t *tracer.Trace) *tracer.Probe {
	for _, h := range t.Hops {
		if passed(h) {
			continue
		}
		for i := range h.Probes {
			if tooBig(h.Probes[i]) {
				return &h.Probes[i]
			}
		}
	}
	return nil
}

// stoppedBy returns where a sweep's packets no longer got through.
func (r *run) stoppedBy(t *tracer.Trace) stop {
	s := stop{after: r.next - 1, at: r.next, silent: r.rest(t), reason: t.Stop}
	p := refusal(t)
	if p == nil {
		return s
	}
	s.message = &Message{From: p.Answer.From, Size: r.size, MTU: p.Answer.MTU}
	s.after, s.at = r.hopOf(*p), p.TTL
	if s.after > 0 {
		s.at = s.after + 1
	}
	s.after = s.at - 1
	return s
}

// hopOf returns the TTL of the hop that a message comes from, by its address; 0: it
// answers from none that was seen.
func (r *run) hopOf(p tracer.Probe) int {
	for _, h := range slices.Backward(r.result.Hops) {
		for _, q := range h.Probes {
			if h.TTL < p.TTL && q.State.Heard() && q.Answer.From == p.Answer.From {
				return h.TTL
			}
		}
	}
	return 0
}
