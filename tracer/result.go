package tracer

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Trace is what one run found out.
type Trace struct {
	// Source is the address that the probes were sent from.
	Source, Target netip.Addr
	// Protocol is the name of the probes' protocol.
	Protocol string
	// Flow is what the probes had in common; see Packet.
	Flow probe.Flow
	// Started is the wall clock at the first probe.
	Started time.Time
	Elapsed time.Duration
	Stop    StopReason
	// Hops holds a hop for each TTL probed, in order of TTL, up to the one
	// where the path ends.
	Hops []Hop
	// Rounds holds what further probes of the same path found, sent to learn
	// what loss means. They stand at no hop of Hops, but are counted.
	Rounds []Round
	// Counters is what the source counted.
	Counters Counters
	// Tally is what the engine counted.
	Tally Tally
	// NextIdent is the identifier that the run would have used next.
	NextIdent uint16
}

// Packet returns the packet that a probe of the trace was sent as, IP header first,
// to hold what is quoted of it against. The error says why there is none, as for a
// Trace that no run returned.
func (t *Trace) Packet(p Probe) ([]byte, error) {
	protocol, err := probe.ByName(t.Protocol)
	if err != nil {
		return nil, err
	}
	return protocol.Marshal(t.Flow.Nth(protocol, p.Flow).Sized(p.Size), uint8(p.TTL), p.Ident)
}

// Reached reports whether the target answered.
func (t *Trace) Reached() bool { return t.Stop == StopReached }

// Tally counts what the engine did beside the hops, so that nothing that was
// sent or heard goes unmentioned.
type Tally struct {
	// Sent is the number of probes handed to the kernel.
	Sent int `json:"probes_sent"`
	// Beyond is the number of probes sent past the hop where the path ended,
	// less those that are shown as the target's answers.
	Beyond int `json:"probes_beyond_end"`
	// Late is the number of answers to probes already given up.
	Late int `json:"late"`
	// Rewritten is the number of answers whose quote an address translator
	// had changed.
	Rewritten int `json:"rewritten"`
	// Unidentified is the number of UDP answers that named no probe while
	// several were in flight; those hops were probed again, one at a time.
	Unidentified int `json:"unidentified"`
	// Stray is the number of answers that belong to no probe still kept.
	Stray int `json:"stray"`
	// Impossible is the number of samples dropped because the answer was
	// stamped before its probe.
	Impossible int `json:"impossible"`
	// Unparsed is the number of answers that the source matched but that
	// hold no message the tracer understands.
	Unparsed int `json:"unparsed"`
}

// Round is what probes found that were sent at one pace.
type Round struct {
	// Interval is the time from one probe of a hop to its next; 0: as soon as
	// the hop answers.
	Interval time.Duration
	Hops     []Hop
}

// Hop is what was learned with probes of one TTL.
type Hop struct {
	TTL    int
	Probes []Probe
}

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
	// (Config.Sizes); 0: that of the flow.
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
