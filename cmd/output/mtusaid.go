package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// MTUSaid is what the table says of a path MTU discovery, for a page to arrange anew.
type MTUSaid struct {
	// Outcome says what gets through, how the run ended, and what it took.
	Outcome string
	// Drops says of each drop where it is, who tells, and what it rests on.
	Drops, Remarks []string
	// Trace is the discovery as if it were a trace.
	Trace *tracer.Trace
}

// SayMTU puts a result into words; err is what ended the run, if it failed.
func SayMTU(r *pmtu.Result, err error) MTUSaid {
	tally := r.Tally
	tally.Beyond = 0 // all are sent to find where the path ends for their length
	t := traceOf(r)
	said := MTUSaid{
		Outcome: fmt.Sprintf("%s; %s, %s", pathMTU(r), outcome(t, err), Count(r.Sent, "probe")),
		Remarks: Remarks(r.Counters, tally), Trace: t,
	}
	for _, d := range r.Drops {
		said.Drops = append(said.Drops, drop(d))
	}
	return said
}
