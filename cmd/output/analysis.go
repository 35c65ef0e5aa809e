package output

import "github.com/ebpftrace/ebpftrace/tracer"

// analysis is something that a whole trace tells beside its hops: that it loops, or
// what boxes on the way did to the probes.
type analysis struct {
	// lines say it to people, below the hops; none if there is nothing to say.
	lines func(Header, *tracer.Trace) []string
	// enter puts it into the JSON document; nil if that has it already.
	enter func(*document, Header, *tracer.Trace)
}

// analyses lists them in the order in which they are told: one a file, and a line
// for each here.
var analyses = []analysis{
	{loopLines, enterLoops},
	{changeLines, enterChanges},
	{lossLines, enterLoss},
	{boxLines, enterBoxes},
	{lines: backLines},
	{lines: queueLines},
}

// findings returns the lines of all analyses.
func findings(h Header, t *tracer.Trace) (lines []string) {
	for _, a := range analyses {
		lines = append(lines, a.lines(h, t)...)
	}
	return lines
}

// analyze enters what the analyses found.
func (d *document) analyze(h Header, t *tracer.Trace) {
	for _, a := range analyses {
		if a.enter != nil {
			a.enter(d, h, t)
		}
	}
}
