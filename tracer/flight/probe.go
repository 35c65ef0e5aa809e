package flight

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Probe is one packet that was sent, or was to be sent, and its answer.
type Probe struct {
	// TTL is the TTL or hop limit that the probe left with. At the target's
	// hop it may exceed the hop's: such a probe measured the target too.
	TTL int
	// Query is the probe's number at its hop, from 0.
	Query int
	// Flow tells the flows of a trace apart; a plain trace has flow 0 only.
	Flow int
	// Size is the length of the packet in bytes, if it was chosen for this probe
	// (tracer.Config.Sizes); 0: that of the flow.
	Size int
	// Ident is the identifier that the packet carried.
	Ident uint16
	State State
	// SentAt is the wall clock at sending, for correlation with other logs
	// only; RTT never comes from it.
	SentAt time.Time
	// Stamps holds every stamp taken of the probe and its answer.
	Stamps stamp.Set
	// RTT is the round-trip time; valid iff State.Heard and Timing.Name is
	// not empty.
	RTT time.Duration
	// Timing is the pair of stamps that RTT comes from.
	Timing stamp.Timing
	// Answer is the first answer; valid iff State.Heard.
	Answer wire.Answer
	// Duplicates is the number of answers after the first.
	Duplicates int
	// Rewritten says that the quote was changed by an address translator.
	Rewritten bool
	// Err says why the probe was not sent; valid iff State is NotSent.
	Err error
}

// Time enters the stamps of an answer, and works out the round-trip time. It is false,
// and the probe stays as it was, if that is impossible: answered before it was sent.
func (p *Probe) Time(a Answer) bool {
	stamps := p.Stamps
	for point, at := range a.Stamps {
		if at != 0 {
			stamps[point] = at
		}
	}
	rtt, timing, err := stamps.RTT()
	if err != nil {
		return false
	}
	p.Stamps, p.RTT, p.Timing = stamps, rtt, timing
	return true
}
