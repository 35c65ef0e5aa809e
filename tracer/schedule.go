package tracer

import "time"

// due returns the TTL of the probe to send now. Near hops come first, so that
// hops are complete in the order in which they are reported; as each has one
// probe under way, the far ones still get theirs at once.
func (r *run) due(now time.Time) (ttl int, ok bool) {
	if len(r.flying) >= r.window() || now.Sub(r.lastSent) < r.cfg.Pace {
		return 0, false
	}
	for t := r.first; t <= r.horizon(); t++ {
		if len(r.view(t)) < r.cfg.Queries && r.ready(t, now) {
			return t, true
		}
	}
	return 0, false
}

// window returns how many probes may be in flight.
func (r *run) window() int {
	if r.serial {
		return 1
	}
	return r.cfg.Window
}

// horizon returns the largest TTL worth probing: that of the path's end, or as
// far beyond the last hop heard as silence is put up with.
func (r *run) horizon() int {
	if end := r.end(); end > 0 {
		return end
	}
	return min(r.last(), max(r.heard, r.first-1)+r.cfg.GapLimit)
}

// end returns the TTL at which the path ends; 0: not known yet. An answer of
// the target counts for more than a hop that says there is no way.
func (r *run) end() int {
	if r.reached > 0 {
		return r.reached
	}
	return r.barred
}

// ready reports whether a hop may be sent its next probe: one at a time, until
// it has been silent for longer than a hop is given patience.
func (r *run) ready(ttl int, now time.Time) bool {
	return !now.Before(r.readyAt(ttl))
}

func (r *run) readyAt(ttl int) time.Time {
	var at time.Time
	for _, e := range r.view(ttl) {
		if e.State == Sent {
			at = e.sent.Add(patience(r.rttAt(ttl), r.rttNear(ttl)))
		}
	}
	return at
}

// view returns the probes that measure a hop. Probes that left with a larger
// TTL than the target's and got there measure it as well: the target does not
// see by how much. So what was sent ahead, before the end was known, is not
// sent for nothing, and the target is not asked more often than need be.
func (r *run) view(ttl int) []*entry {
	probes := r.at(ttl)
	if ttl != r.reached || r.serial {
		return probes
	}
	probes = probes[:len(probes):len(probes)]
	for t := ttl + 1; t <= r.last(); t++ {
		for _, e := range r.at(t) {
			if len(probes) < r.cfg.Queries && r.stillCounts(e) {
				probes = append(probes, e)
			}
		}
	}
	return probes
}

// stillCounts reports whether a probe sent past the target's TTL was answered
// by the target, or may yet be.
func (r *run) stillCounts(e *entry) bool {
	if e.State == Sent {
		return time.Since(e.sent) < patience(r.rttAt(r.reached), 0)
	}
	return e.State.Heard() && r.arrived(e.Answer)
}

// complete reports whether nothing more is awaited from a hop.
func (r *run) complete(ttl int) bool {
	probes := r.view(ttl)
	for _, e := range probes {
		if e.State == Sent {
			return false
		}
	}
	return len(probes) >= r.cfg.Queries
}

// done reports whether the trace is over.
func (r *run) done() bool {
	for t := r.first; t <= r.horizon(); t++ {
		if !r.complete(t) {
			return false
		}
	}
	return true
}

// wakeAt returns when the next probe is due or the oldest one overdue.
func (r *run) wakeAt() time.Time {
	now := time.Now()
	at := now.Add(attention)
	for _, e := range r.flying {
		at = earlier(at, e.sent.Add(r.timeout(e)))
	}
	if len(r.flying) >= r.window() {
		return at
	}
	pace := r.lastSent.Add(r.cfg.Pace)
	for t := r.first; t <= r.horizon(); t++ {
		if len(r.view(t)) < r.cfg.Queries {
			at = earlier(at, later(pace, r.readyAt(t)))
		}
	}
	return at
}

// timeout returns how long a probe is awaited, by what is known now.
func (r *run) timeout(e *entry) time.Duration {
	return r.cfg.Wait.timeout(r.rttAt(e.TTL), r.rttNear(e.TTL), r.slowest)
}

// expire gives up what is overdue.
func (r *run) expire(now time.Time) {
	for i := 0; i < len(r.flying); {
		e := r.flying[i]
		e.timeout = r.timeout(e)
		if now.Sub(e.sent) < e.timeout {
			i++
			continue
		}
		r.giveUp(e)
	}
}

func (r *run) giveUp(e *entry) {
	r.land(e)
	e.State = Lost
	if e.void {
		r.strike(e)
		return
	}
	r.cfg.OnProbe(e.Probe)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
