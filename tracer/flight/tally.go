package flight

// Tally counts what an engine did, so that nothing that was sent or heard goes
// unmentioned.
type Tally struct {
	// Sent is the number of probes handed to the kernel, NotSent of those that it
	// refused.
	Sent, NotSent int
	// Lost is the number of probes given up and not answered since.
	Lost int
	// Late is the number of answers to probes already given up.
	Late int
	// Duplicates is the number of answers to probes answered before.
	Duplicates int
	// Rewritten is the number of answers whose quote an address translator had
	// changed.
	Rewritten int
	// Unidentified is the number of UDP answers that named no probe while several
	// were in flight; from then on one at a time was.
	Unidentified int
	// Stray is the number of answers to no probe that was sent.
	Stray int
	// Impossible is the number of samples dropped because the answer was stamped
	// before its probe.
	Impossible int
	// Unparsed is the number of answers that the source matched but that hold no
	// message that this program understands.
	Unparsed int
}
