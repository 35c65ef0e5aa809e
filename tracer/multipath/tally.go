package multipath

import "github.com/ebpftrace/ebpftrace/tracer/flight"

// Tally counts what a run did beside the graph, so that nothing that was sent or
// heard goes unmentioned.
type Tally struct {
	// Sent is the number of probes handed to the kernel.
	Sent int `json:"probes_sent"`
	// Lost is the number of those that no answer came to.
	Lost int `json:"lost"`
	// Awaited is the number of those that might yet have been answered when the
	// run was interrupted.
	Awaited int `json:"awaited"`
	// Retried is the number of those sent because an earlier one was lost.
	Retried int `json:"retried"`
	// Repeated is the number of those sent to tell balancing per packet.
	Repeated int `json:"repeated"`
	// Beyond is the number of answers that stand at no node: from beyond the end
	// of their flow, or from where it may have ended before.
	Beyond int `json:"probes_beyond_end"`
	// Late is the number of answers to probes already given up.
	Late int `json:"late"`
	// Duplicates is the number of answers to probes answered before.
	Duplicates int `json:"duplicates"`
	// Rewritten is the number of answers whose quote an address translator had
	// changed.
	Rewritten int `json:"rewritten"`
	// Unidentified is the number of UDP answers that named no probe while
	// several were in flight; from then on one at a time was.
	Unidentified int `json:"unidentified"`
	// Stray is the number of answers that belong to no probe of the run.
	Stray int `json:"stray"`
	// Impossible is the number of samples dropped because the answer was stamped
	// before its probe.
	Impossible int `json:"impossible"`
	// Unparsed is the number of answers that the source matched but that hold no
	// message the tracer understands.
	Unparsed int `json:"unparsed"`
	// NotSent is the number of probes that the kernel refused.
	NotSent int `json:"not_sent"`
}

// tally returns what an engine counted, as a Result tells it. What probes were sent
// for is for the graph to say.
func tally(t flight.Tally) Tally {
	return Tally{
		Sent: t.Sent, NotSent: t.NotSent, Lost: t.Lost, Late: t.Late, Duplicates: t.Duplicates,
		Rewritten: t.Rewritten, Unidentified: t.Unidentified, Stray: t.Stray,
		Impossible: t.Impossible, Unparsed: t.Unparsed,
	}
}
