package stats

import (
	"math"
	"time"
)

// Jitter is the interarrival jitter of RFC 3550, section 6.4.1, as its appendix
// A.8 computes it: J += (|D| - J) / 16. D is the difference of two transit times
// in a row, for which round-trip times stand here, so that no clock but our own
// is in it. Samples are to be added in the order of their sending; one that was
// lost is passed over. The zero value is ready.
type Jitter struct {
	last   time.Duration
	n      int
	jitter float64 // nanoseconds
}

// Add takes the next round-trip time. The first has nothing to differ from, so
// it moves nothing.
func (j *Jitter) Add(rtt time.Duration) {
	if j.n > 0 {
		d := math.Abs(float64(rtt - j.last))
		j.jitter += (d - j.jitter) / 16
	}
	j.last = rtt
	j.n++
}

// Value returns the jitter, rounded to nanoseconds. It is valid iff there were
// at least two samples.
func (j *Jitter) Value() (v time.Duration, ok bool) {
	return time.Duration(math.Round(j.jitter)), j.n > 1
}
