package tracer

import "time"

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

// view returns the probes that measure a hop. Probes that left with a larger
// TTL than the target's and got there measure it as well: the target does not
// see by how much. So what was sent ahead, before the end was known, is not
// sent for nothing, and the target is not asked more often than need be.
func (r *run) view(ttl int) []*entry {
	probes := r.at(ttl)
	if ttl != r.reached || r.engine.Serial() {
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
		return time.Since(e.Sent) < patience(r.rttAt(r.reached), 0)
	}
	return e.State.Heard() && r.cfg.Protocol.Arrived(e.Answer)
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
