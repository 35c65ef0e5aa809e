package multipath

import "net/netip"

// Reason is why something is not sure.
type Reason string

// The reasons.
const (
	// NoProbes: the budget of probes was used up.
	NoProbes Reason = "probes_exhausted"
	// NoTime: the time was over.
	NoTime Reason = "time_over"
	// NoFlows: all flows were in use.
	NoFlows Reason = "flows_exhausted"
	// FewFlows: hardly any flow passes the vertex.
	FewFlows Reason = "few_flows"
	// Stopped: the run was interrupted, or failed.
	Stopped Reason = "stopped"
	// Untested: too few answers came to tell by what the vertex balances.
	Untested Reason = "balancing_untested"
	// Changed: a flow took another way once, then stayed there: the path may
	// have changed in mid-run.
	Changed Reason = "path_changed"
	// Loose: behind a vertex that balances per packet, which interface follows
	// which cannot be told, so links stand for all that may be.
	Loose Reason = "links_not_told_apart"
	// Limited: the hop loses answers, or limits them, so that a silence beside
	// others that answer may be one of those.
	Limited Reason = "maybe_rate_limited"
	// Looped: the same router came again, so that the way goes in circles.
	Looped Reason = "loop"
)

// Doubt is something in a result that is not sure.
type Doubt struct {
	// Hop is the TTL of the vertex in doubt.
	Hop int
	// Addr is the vertex's address; not valid: a star, or all of the hop.
	Addr netip.Addr
	Why  Reason
}

// doubt notes a doubt about a vertex, once.
func (s *survey) doubt(v *vertex, why Reason) {
	d := Doubt{Hop: v.hop.ttl, Addr: v.addr, Why: why}
	for _, other := range s.doubts {
		if other == d {
			return
		}
	}
	s.doubts = append(s.doubts, d)
}
