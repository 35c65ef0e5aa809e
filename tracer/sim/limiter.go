package sim

import "time"

// bucket is a token bucket. Its zero value lets everything pass.
type bucket struct {
	rate   float64 // tokens per second
	burst  float64 // tokens that it holds; 0 means no limit
	tokens float64
	filled time.Time
}

func newBucket(r RateLimit) bucket {
	return bucket{rate: r.Rate, burst: float64(r.Burst), tokens: float64(r.Burst)}
}

// take takes a token if there is one. Packets that overtook others on their way
// to a node make its times step back; nothing is filled in then.
func (b *bucket) take(now time.Time) bool {
	if b.burst == 0 {
		return true
	}
	if passed := now.Sub(b.filled); !b.filled.IsZero() && passed > 0 {
		b.tokens = min(b.burst, b.tokens+b.rate*passed.Seconds())
	}
	if now.After(b.filled) {
		b.filled = now
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
