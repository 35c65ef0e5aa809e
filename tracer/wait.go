package tracer

import (
	"cmp"
	"time"
)

// Wait says for how long an answer is awaited. The zero value means: 3 times
// the round-trip time seen at the same hop or 10 times that of the nearest hop
// heard, whichever is more, but no less than half a second and no more than a
// second above the slowest answer of the trace; a second where nothing was
// heard yet.
type Wait struct {
	// Max bounds every wait. If it is set, it is also how long is waited
	// where nothing was heard, and the bound of a second does not apply.
	Max time.Duration
	// Here multiplies the round-trip time seen at the same hop: 3.
	// Negative: don't look at it.
	Here float64
	// Near multiplies that of the nearest hop heard: 10. Negative: don't.
	Near float64
}

const (
	waitFloor    = 500 * time.Millisecond // routers answer from a slow path
	waitUnknown  = time.Second            // the initial RTO of RFC 6298, 2.1
	waitAbove    = time.Second            // what a silent hop may cost
	patienceLow  = 50 * time.Millisecond
	patienceHigh = 250 * time.Millisecond // also where nothing is known
)

func (w Wait) withDefaults() Wait {
	w.Here = cmp.Or(w.Here, 3)
	w.Near = cmp.Or(w.Near, 10)
	return w
}

// timeout returns how long a probe is awaited, given the largest round-trip
// times seen at its hop, at the nearest hop heard, and anywhere; 0: none.
func (w Wait) timeout(here, near, slowest time.Duration) time.Duration {
	guess := max(scale(here, w.Here), scale(near, w.Near))
	if guess == 0 {
		return cmp.Or(w.Max, waitUnknown)
	}
	guess = max(guess, waitFloor)
	if w.Max > 0 {
		return min(guess, w.Max)
	}
	return min(guess, slowest+waitAbove)
}

// patience returns how long a hop may stay silent before its next probe leaves
// without the answer to the last. It is shorter than the timeout, so that the
// probes of a silent hop don't wait for each other.
func patience(here, near time.Duration) time.Duration {
	seen := max(here, near)
	if seen == 0 {
		return patienceHigh
	}
	return max(patienceLow, seen+min(seen, patienceHigh))
}

func scale(d time.Duration, factor float64) time.Duration {
	return max(0, time.Duration(float64(d)*factor))
}
