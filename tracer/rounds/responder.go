package rounds

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Responder is what one address answered at a hop.
type Responder struct {
	Addr netip.Addr
	// Answered is the number of probes answered, in time or late, timed or not.
	Answered int
	// First and Heard are when, by the wall clock, the first and the latest
	// of these probes were sent.
	First, Heard time.Time
	// Division says where those probes spent their time.
	Division stats.Division

	round int // of the latest answer
	timed []*Timed
}

// Timed is what one pair of stamps says of a responder. Times of different pairs are
// never mixed: they measure different stretches of way.
type Timed struct {
	Timing stamp.Timing
	// Last is the latest round-trip time.
	Last   time.Duration
	RTT    stats.Distribution
	Jitter stats.Jitter
}

// Timed returns what the pair says that timed most answers, and how many answers
// were timed by others. It is nil if none was timed.
func (r *Responder) Timed() (most *Timed, others int64) {
	for _, t := range r.timed {
		others += t.RTT.Count()
		if most == nil || t.RTT.Count() > most.RTT.Count() {
			most = t
		}
	}
	if most != nil {
		others -= most.RTT.Count()
	}
	return most, others
}

// add enters an answered probe.
func (r *Responder) add(p *tracer.Probe, round int) {
	if r.Answered == 0 {
		r.First = p.SentAt
	}
	r.Answered++
	r.Heard, r.round = p.SentAt, round
	r.Division.Add(&p.Stamps)
	if p.Timing.Name == "" {
		return
	}
	t := r.by(p.Timing)
	t.Last = p.RTT
	t.RTT.Add(p.RTT)
	t.Jitter.Add(p.RTT)
}

func (r *Responder) by(timing stamp.Timing) *Timed {
	for _, t := range r.timed {
		if t.Timing == timing {
			return t
		}
	}
	t := &Timed{Timing: timing}
	r.timed = append(r.timed, t)
	return t
}
