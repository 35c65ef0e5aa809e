package stats

import (
	"iter"
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// Highest is the longest time that a Distribution resolves. It is the
	// longest that a trace can be told to wait for an answer.
	Highest = time.Hour
	// Digits is the number of significant decimal digits that are kept.
	Digits = 3

	// firstHighest is where a histogram begins: the memory for an hour at
	// once would be three times what most paths need.
	firstHighest = int64(1<<20 - 1)
)

// Distribution is a set of durations, kept as a high dynamic range histogram:
// from 0 to [Highest] with three significant digits, whole nanoseconds below 2 µs.
// The least and the greatest are exact. The zero value is empty and ready.
type Distribution struct {
	buckets        *hdrhistogram.Histogram
	highest        int64 // that buckets can hold
	min, max       time.Duration
	over, negative int64
}

// Add enters a duration. One above [Highest] counts as such: see Over. A
// negative one is impossible, so it is counted apart and otherwise left out.
func (d *Distribution) Add(v time.Duration) {
	if v < 0 {
		d.negative++
		return
	}
	if d.Count() == 0 || v < d.min {
		d.min = v
	}
	d.max = max(d.max, v)
	if v > Highest {
		d.over++
		return
	}
	d.reach(int64(v))
	d.buckets.RecordValue(int64(v)) // in range, so it does not fail
}

// reach makes the histogram wide enough for v. The buckets of the old one are
// buckets of the new one, so nothing moves.
func (d *Distribution) reach(v int64) {
	if d.buckets != nil && v <= d.highest {
		return
	}
	old := d.buckets
	d.highest = max(d.highest, firstHighest)
	for d.highest < v {
		d.highest = min(d.highest<<3|7, int64(Highest))
	}
	d.buckets = hdrhistogram.New(1, d.highest, Digits)
	if old != nil {
		d.buckets.Merge(old)
	}
}

// Count returns how many durations there are: all that were added but the
// negative ones.
func (d *Distribution) Count() int64 { return d.within() + d.over }

func (d *Distribution) within() int64 {
	if d.buckets == nil {
		return 0
	}
	return d.buckets.TotalCount()
}

// Over returns how many of the durations are above [Highest].
func (d *Distribution) Over() int64 { return d.over }

// Negative returns how many durations were left out because they are negative.
func (d *Distribution) Negative() int64 { return d.negative }

// Min returns the shortest duration; 0 if there is none.
func (d *Distribution) Min() time.Duration { return d.min }

// Max returns the longest duration; 0 if there is none.
func (d *Distribution) Max() time.Duration { return d.max }

// Quantile returns the nearest-rank quantile: the shortest duration that at
// least the share q of all durations, 0 to 1, does not exceed. Among those above
// [Highest] it is the longest. It is 0 if there are none.
func (d *Distribution) Quantile(q float64) time.Duration {
	n := d.Count()
	if n == 0 {
		return 0
	}
	// 0.07 * 100 is a little more than 7, but means the seventh.
	rank := min(max(int64(math.Ceil(q*float64(n)-1e-6)), 1), n)
	if rank > d.within() {
		return d.max
	}
	// The library rounds ranks to the nearest, so it gets a whole one.
	v := d.buckets.ValueAtPercentile(100 * float64(rank) / float64(d.within()))
	return d.inside(v)
}

// inside returns v, the upper edge of a bucket, no further out than what was
// really there.
func (d *Distribution) inside(v int64) time.Duration {
	return min(max(time.Duration(v), d.min), d.max)
}

// Cumulative yields, in ascending order, the durations there are and the share
// of all that does not exceed each, up to 1.
func (d *Distribution) Cumulative() iter.Seq2[time.Duration, float64] {
	return func(yield func(time.Duration, float64) bool) {
		var sum int64
		if d.buckets != nil {
			for _, bar := range d.buckets.Distribution() {
				sum += bar.Count
				if bar.Count > 0 && !yield(d.inside(bar.To), float64(sum)/float64(d.Count())) {
					return
				}
			}
		}
		if d.over > 0 {
			yield(d.max, 1)
		}
	}
}
