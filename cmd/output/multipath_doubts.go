package output

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

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
