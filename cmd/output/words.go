package output

import "github.com/ebpftrace/ebpftrace/tracer"

// Outcome says how a trace ended, in one line.
func Outcome(t *tracer.Trace, err error) string { return outcome(t, err) }

// Findings says, a line each, what a whole trace tells beside its hops.
func Findings(h Header, t *tracer.Trace) []string { return findings(h, t) }

// Meaning says what the answer to a probe says beside that it came, in words; empty for
// one that every hop, or every target, gives.
func Meaning(p tracer.Probe) string { return Safe(explain(p.Answer).words) }
