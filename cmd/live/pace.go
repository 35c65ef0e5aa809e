package live

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// pace is how fast rounds really are: one in which probes are lost may take longer than
// the interval, since the next waits for its end.
type pace struct {
	last time.Time // start of the latest round
	mean time.Duration
}

// memory is how many rounds the pace is a mean of, roughly.
const memory = 8

func (p *pace) add(t *tracer.Trace) {
	gap := t.Started.Sub(p.last)
	switch {
	case p.last.IsZero():
	case p.mean == 0:
		p.mean = gap
	default:
		p.mean += (gap - p.mean) / memory
	}
	p.last = t.Started
}

// text says how often there is a round, and how often there should be one.
func (p *pace) text(interval time.Duration) string {
	text := "every " + interval.String()
	if p.mean > interval+interval/4 {
		text += " (really " + p.mean.Round(10*time.Millisecond).String() + ")"
	}
	return text
}
