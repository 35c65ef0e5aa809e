package cli

import (
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// stream tells a writer of each probe of the rounds, as soon as it is known what became
// of it. A nil stream tells nothing.
type stream struct {
	to   output.ProbeWriter
	seen map[int]int // probes of the rounds before, by TTL
}

// beside returns what takes probes for the writer, and for whoever else wants them.
func (s *stream) beside(also func(tracer.Probe)) func(tracer.Probe) {
	return func(p tracer.Probe) {
		if also != nil {
			also(p)
		}
		if p.State != tracer.Sent {
			p.Query = s.seen[p.TTL] // as in the trace of all rounds
			s.to.Probe(p)           // a failure comes back from End
		}
	}
}

// round takes a round that is over.
func (s *stream) round(t *tracer.Trace) {
	if s == nil {
		return
	}
	if s.seen == nil {
		s.seen = map[int]int{}
	}
	for _, h := range t.Hops {
		s.seen[h.TTL]++
	}
}

// finish writes what is left of a trace that is over.
func finish(w output.Writer, t *tracer.Trace, err error) error {
	for _, hop := range t.Hops {
		_ = w.Hop(hop) // its error comes back from End
	}
	return w.End(t, err)
}
