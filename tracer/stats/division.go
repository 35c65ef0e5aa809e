package stats

import (
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Span is the way from one stamp to the next.
type Span struct {
	From, To stamp.Point
	Parts    string // see [stamp.Span]
	Time     Distribution
}

// Division says where probes and their answers spent their time. Probes that
// were stamped at different points are kept apart, for a sum over both would be
// the time of neither. The zero value is empty and ready.
type Division struct {
	ways []*way // in the order in which they were met
	all  int64
}

// way is what probes have in common that were stamped at the same points.
type way struct {
	points []stamp.Point
	count  int64
	spans  []Span
}

// Add enters the stamps of one answered probe. Those before and after the
// outermost stamps are not known, and in no span.
func (d *Division) Add(stamps *stamp.Set) {
	spans := stamps.Spans()
	if len(spans) == 0 {
		return
	}
	w := d.way(spans)
	w.count++
	d.all++
	for i, s := range spans {
		w.spans[i].Time.Add(s.Time)
	}
}

// way returns that through the same points as the spans.
func (d *Division) way(spans []stamp.Span) *way {
	points := []stamp.Point{spans[0].From}
	for _, s := range spans {
		points = append(points, s.To)
	}
	for _, w := range d.ways {
		if slices.Equal(w.points, points) {
			return w
		}
	}
	w := &way{points: points}
	for _, s := range spans {
		w.spans = append(w.spans, Span{From: s.From, To: s.To, Parts: s.Parts})
	}
	d.ways = append(d.ways, w)
	return w
}

// Spans returns the spans of the probes that were stamped at the same points as
// most, how many those are, and how many were stamped at others.
func (d *Division) Spans() (spans []*Span, count, others int64) {
	var most way
	for _, w := range d.ways {
		if w.count > most.count {
			most = *w
		}
	}
	for i := range most.spans {
		spans = append(spans, &most.spans[i])
	}
	return spans, most.count, d.all - most.count
}
