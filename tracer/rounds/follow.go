package rounds

import "github.com/ebpftrace/ebpftrace/tracer"

// Follower says how far rounds go, as Config.MaxTTL wants it: to the target, and as
// far as Max once the target has failed to answer twice in a row, for then it may
// have moved away. The first silence is more likely to be a loss.
type Follower struct {
	// Max is the largest TTL of all.
	Max int

	last   int
	missed int
}

// MaxTTL takes a round and returns the largest TTL of the next.
func (f *Follower) MaxTTL(t *tracer.Trace) int {
	switch {
	case t.Reached() || t.Stop == tracer.StopUnreachable:
		f.last, f.missed = t.Hops[len(t.Hops)-1].TTL, 0
	case f.last == 0 || f.missed > 0:
		f.last = f.Max
	default:
		f.missed++
	}
	return f.last
}

// Last returns the largest TTL of the next round once there was one; 0 before.
func (f *Follower) Last() int { return f.last }
