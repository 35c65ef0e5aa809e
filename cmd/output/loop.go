package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/paths"
)

// loopJSON is a paths.Loop as JSON has it.
type loopJSON struct {
	From  int  `json:"from"` // first and last hop that is repeated
	To    int  `json:"to"`
	First int  `json:"first"` // first and last hop that repeats them
	Last  int  `json:"last"`
	Whole bool `json:"whole"` // not so: perhaps paths of different lengths
}

func loopLines(_ Header, t *tracer.Trace) (lines []string) {
	for _, l := range paths.Loops(t.Hops) {
		lines = append(lines, loopLine(l))
	}
	return lines
}

func enterLoops(d *document, _ Header, t *tracer.Trace) {
	for _, l := range paths.Loops(t.Hops) {
		d.Loops = append(d.Loops, loopJSON{l.From, l.To, l.First, l.Last, l.Whole()})
	}
}

// loopLine says which hops repeat which.
func loopLine(l paths.Loop) string {
	s := fmt.Sprintf("loop: %s %s %s", span(l.First, l.Last), verb(l), span(l.From, l.To))
	if !l.Whole() {
		s += ", unless paths of different lengths lead there"
	}
	return s
}

func verb(l paths.Loop) string {
	if l.First == l.Last {
		return "repeats"
	}
	return "repeat"
}

func span(from, to int) string {
	switch to {
	case from:
		return fmt.Sprintf("hop %d", from)
	case from + 1:
		return fmt.Sprintf("hops %d and %d", from, to)
	}
	return fmt.Sprintf("hops %d to %d", from, to)
}
