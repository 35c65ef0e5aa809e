package tracer

import "time"

// report calls OnHop for the hops that are complete, in order.
func (r *run) report() {
	for r.reported <= r.horizon() && r.complete(r.reported) {
		ttl := r.reported
		r.reported++
		r.cfg.OnHop(r.hop(ttl))
	}
}

// hop returns what is known of a hop.
func (r *run) hop(ttl int) Hop {
	h := Hop{TTL: ttl}
	for i, e := range r.view(ttl) {
		p := e.Probe
		p.Query = i
		h.Probes = append(h.Probes, p)
	}
	return h
}

// finish makes the Trace of a run that ended with err.
func (r *run) finish(err error) (*Trace, error) {
	t := &Trace{
		Source: r.cfg.Flow.Source, Target: r.cfg.Flow.Target, Flow: r.cfg.Flow,
		Protocol: r.cfg.Protocol.Name(), Started: r.started,
		Elapsed: time.Since(r.started), Stop: r.stopReason(err),
	}
	for ttl := r.first; ttl <= r.horizon(); ttl++ {
		if h := r.hop(ttl); len(h.Probes) > 0 {
			t.Hops = append(t.Hops, h)
		}
	}
	r.departures(t)
	t.Tally, t.NextIdent = tally(r.engine.Tally()), r.engine.NextIdent()
	t.Tally.Beyond = t.Tally.Sent - t.shown()
	counters, cerr := r.source.Counters()
	t.Counters = counters
	if err == nil {
		err = cerr
	}
	return t, err
}

func (r *run) stopReason(err error) StopReason {
	switch {
	case err != nil:
		return StopFailed
	case !r.done():
		return StopInterrupted
	case r.reached > 0:
		return StopReached
	case r.barred > 0:
		return StopUnreachable
	case r.horizon() < r.last():
		return StopGap
	}
	return StopMaxTTL
}

// shown counts the probes sent that stand at a hop of the trace.
func (t *Trace) shown() (n int) {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.State != NotSent {
				n++
			}
		}
	}
	return n
}
