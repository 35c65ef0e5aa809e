package pmtu

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Result is what one run found out.
type Result struct {
	// Source is the address that the probes were sent from.
	Source, Target netip.Addr
	// Protocol is the name of the probes' protocol.
	Protocol string
	// Started is the wall clock at the first probe.
	Started time.Time
	Elapsed time.Duration
	// Stop is why the run ended.
	Stop tracer.StopReason
	// Interface is the MTU that the run began with, in bytes.
	Interface int
	// Hops are in order of TTL.
	Hops []Hop
	// Drops are in order of hop.
	Drops []Drop
	// PathMTU is the largest packet in bytes known to get through to the last
	// hop that answers, which is the target if it was reached; 0: nobody answers.
	PathMTU int
	// Sent is the number of probes sent, Search how many of them were sent to
	// settle what a drop is.
	Sent, Search int
	// Counters is what the source counted, Tally what the runs did.
	Counters tracer.Counters
	Tally    tracer.Tally
	// NextIdent is the identifier that the run would have used next.
	NextIdent uint16
}

// Reached reports whether the target answered.
func (r *Result) Reached() bool { return r.Stop == tracer.StopReached }

// Hop is what was learned of a hop.
type Hop struct {
	// Hop holds probes of the length MTU or, if that is 0, of one that nobody
	// answered.
	tracer.Hop
	// MTU is the largest packet in bytes that is known to get through to the hop;
	// 0: it does not answer.
	MTU int
}

// Drop is where the path MTU gets less.
type Drop struct {
	// After is the TTL of the last hop known to be before it; 0: this host.
	After int
	// Behind is the TTL of the first hop known to be behind it; 0: none answers.
	Behind int
	// Before is the path MTU up to there in bytes.
	Before int
	// MTU is the largest packet in bytes that passes. If nobody behind answers,
	// it is the largest that no message refuses, or what the message claims.
	MTU int
	// Fails is the shortest packet that does not pass: MTU + 1, unless the run
	// was ended first, or there is no knowing.
	Fails int
	// Message is the message that tells of the shortest packets which do not
	// pass; nil: they vanish, which makes a black hole.
	Message *Message
	// Worth is what the first message is worth.
	Worth Worth
	// First is that message, about packets of Before bytes if it came; nil: none.
	First    *Message
	Evidence Evidence
}

// Exact reports whether one byte more than the MTU is known not to pass.
func (d Drop) Exact() bool { return d.Fails == d.MTU+1 }

// Message is a packet too big.
type Message struct {
	From netip.Addr
	// Size is the length in bytes of the packet refused, MTU what is claimed to
	// pass; 0: nothing is, as by routers older than RFC 1191.
	Size, MTU int
}

// Evidence is what a drop rests on.
type Evidence struct {
	// Passed is the number of packets of MTU bytes that were answered from
	// behind, Refused that of packets of Fails bytes that a message came for, and
	// Vanished that of packets of Fails bytes that nothing came for, although a
	// shorter packet sent right after them was answered.
	Passed, Refused, Vanished int
	// Probes is how many were sent to find out.
	Probes int
}
