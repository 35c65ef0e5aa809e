package tracer

import "github.com/ebpftrace/ebpftrace/tracer/flight"

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

// tally returns what an engine counted, as a Trace tells it. What stands beyond the
// end is for the trace to say.
func tally(t flight.Tally) Tally {
	return Tally{
		Sent: t.Sent, Late: t.Late, Rewritten: t.Rewritten, Unidentified: t.Unidentified,
		Stray: t.Stray, Impossible: t.Impossible, Unparsed: t.Unparsed,
	}
}

// Add adds what another run counted.
func (t *Tally) Add(o Tally) {
	t.Sent += o.Sent
	t.Beyond += o.Beyond
	t.Late += o.Late
	t.Rewritten += o.Rewritten
	t.Unidentified += o.Unidentified
	t.Stray += o.Stray
	t.Impossible += o.Impossible
	t.Unparsed += o.Unparsed
}
