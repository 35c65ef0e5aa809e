package output

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// multipathOutcome says how the search ended, in one line.
func multipathOutcome(r *multipath.Result, err error) string {
	took := Duration(r.Elapsed)
	switch r.Stop {
	case tracer.StopReached:
		return fmt.Sprintf("reached in %s, %s", hopsToTarget(r), took)
	case tracer.StopUnreachable:
		return fmt.Sprintf("not reached: %s, %s", barred(r), took)
	case tracer.StopGap:
		return fmt.Sprintf("not reached: no answer from the last hops, %s", took)
	case tracer.StopMaxTTL:
		return fmt.Sprintf("not reached within %s, %s", Count(lastHop(r), "hop"), took)
	case tracer.StopInterrupted:
		return fmt.Sprintf("interrupted at hop %d, %s", lastHop(r), took)
	}
	return failure(fmt.Sprintf("failed at hop %d, %s", lastHop(r), took), err)
}

// hopsToTarget says how long the ways are.
func hopsToTarget(r *multipath.Result) string {
	least, most := 0, 0
	for _, n := range r.Nodes {
		if n.Target {
			least, most = cmp.Or(least, n.Hop), n.Hop
		}
	}
	if least < most {
		return fmt.Sprintf("%d to %d hops", least, most)
	}
	return Count(most, "hop")
}

func lastHop(r *multipath.Result) int {
	if len(r.Nodes) == 0 {
		return 0
	}
	return r.Nodes[len(r.Nodes)-1].Hop
}

func barred(r *multipath.Result) string {
	for _, n := range r.Nodes {
		if n.Unreachable {
			return fmt.Sprintf("hop %d (%s) says there is no way on", n.Hop, Plain(n.Addr))
		}
	}
	return "the way is barred"
}

// effort says what the search took, and what it would have taken.
func effort(r *multipath.Result) string {
	line := fmt.Sprintf("%s of %s", Count(r.Spent, "probe"), Count(r.Flows, "flow"))
	if r.Destinations > 0 {
		line += " and to " + Count(r.Destinations, "neighbour") + " of the target"
	}
	var parts []string
	if r.Tally.Repeated > 0 {
		parts = append(parts, fmt.Sprintf("%d to tell by what is balanced", r.Tally.Repeated))
	}
	if r.Tally.Retried > 0 {
		parts = append(parts, fmt.Sprintf("%d in place of lost ones", r.Tally.Retried))
	}
	if len(parts) > 0 {
		line += " (" + strings.Join(parts, ", ") + ")"
	}
	line += fmt.Sprintf("; plain MDA needs %.0f for this graph, in theory", r.Theory)
	if len(r.Lite) > 0 {
		line += ", and MDA-Lite spared some at " + spans(r.Lite)
	}
	return line
}

// spans writes numbers of hops, rows of them by their ends.
func spans(hops []int) string {
	what := "hop "
	if len(hops) > 1 {
		what = "hops "
	}
	var words []string
	for i := 0; i < len(hops); {
		n := i
		for n+1 < len(hops) && hops[n+1] == hops[n]+1 {
			n++
		}
		word := fmt.Sprint(hops[i])
		if n > i {
			word += fmt.Sprintf("-%d", hops[n])
		}
		words, i = append(words, word), n+1
	}
	return what + strings.Join(words, ", ")
}

// confidence says how sure it is that this is all.
func confidence(r *multipath.Result) string {
	if r.Confidence < r.Wanted-1e-9 {
		return fmt.Sprintf("only %s sure that flows find no more; %s was wanted", perCent(r.Confidence), perCent(r.Wanted))
	}
	return fmt.Sprintf("%s sure that flows find no more", perCent(r.Wanted))
}
