package tracer

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
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
