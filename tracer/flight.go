package tracer

import "github.com/ebpftrace/ebpftrace/tracer/flight"

// The seam of the engine beneath, and what it says of a probe; see package flight.
type (
	// Sender puts probes on the wire.
	Sender = flight.Sender
	// Source is where stamped answers come from: the eBPF programs in a real trace,
	// a simulated network in tests.
	Source = flight.Source
	// Answer is one joined sample: a packet that answers a probe, with the stamps of
	// both.
	Answer = flight.Answer
	// Counters tells what became of the packets that a Source looked at.
	Counters = flight.Counters
	// Probe is one packet that was sent, or was to be sent, and its answer.
	Probe = flight.Probe
	// State tells what became of a probe.
	State = flight.State
	// Counts tells how many probes there are of each State.
	Counts = flight.Counts
)

// The states of a probe; see package flight.
const (
	NotSent     = flight.NotSent
	Sent        = flight.Sent
	Answered    = flight.Answered
	Late        = flight.Late
	Lost        = flight.Lost
	Duplicate   = flight.Duplicate
	Unreachable = flight.Unreachable
)
