package output

import (
	"cmp"
	"fmt"
	"slices"
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

// diamondLines say where ways part and meet again.
func diamondLines(g *graph) (lines []string) {
	for _, d := range g.Diamonds {
		line := fmt.Sprintf("diamond from %s, ways end apart", g.label(d.From))
		if d.To >= 0 {
			line = fmt.Sprintf("diamond from %s to %s", g.label(d.From), g.label(d.To))
		}
		line += fmt.Sprintf(": %d wide, %s long", d.Width, Count(d.Length, "link"))
		if d.Meshed {
			line += ", meshed"
		}
		if d.Uneven {
			line += ", uneven"
		}
		lines = append(lines, line)
	}
	return lines
}

// doubtLines say what is not sure, hops with the same doubt in one line.
func doubtLines(g *graph) (lines []string) {
	var done []multipath.Reason
	for _, d := range g.Doubts {
		if slices.Contains(done, d.Why) {
			continue
		}
		done = append(done, d.Why)
		var where []string
		for _, other := range g.Doubts {
			if other.Why == d.Why {
				where = append(where, g.where(other))
			}
		}
		lines = append(lines, fmt.Sprintf("not sure about %s: %s", strings.Join(slices.Compact(where), ", "), reasons(d.Why)))
	}
	return lines
}

// where names the node in doubt, or its hop.
func (g *graph) where(d multipath.Doubt) string {
	for i, n := range g.Nodes {
		if i > 0 && n.Hop == d.Hop && d.Addr.IsValid() && n.Addr == d.Addr {
			return g.label(i)
		}
	}
	if d.Hop <= g.Nodes[0].Hop {
		return g.label(0)
	}
	return fmt.Sprintf("hop %d", d.Hop)
}

// reasons explains a doubt; one that is new here is told as it is.
func reasons(why multipath.Reason) string {
	return cmp.Or(map[multipath.Reason]string{
		multipath.NoProbes: "no more probes were allowed (--max-probes)",
		multipath.NoTime:   "the time was over",
		multipath.NoFlows:  "all flows were in use",
		multipath.FewFlows: "hardly any flow comes there",
		multipath.Stopped:  "the run was interrupted",
		multipath.Untested: "too few answers came to tell by what it balances",
		multipath.Changed:  "a flow took another way from then on: the path may have changed meanwhile",
		multipath.Loose:    "behind it, packets of one flow go different ways, so links with a ? may not be there",
		multipath.Limited:  "it loses answers, or limits them, so a * beside others may be one of those",
		multipath.Looped:   "the same router came again, so the way goes in circles",
	}[why], string(why))
}
