package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// gapHeight is how much room links take: more where many cross.
func gapHeight(between []*edge) float64 {
	switch n := len(between); {
	case n == 0:
		return 2
	case n == 1:
		return 24
	case n <= 8:
		return 56
	}
	return min(84+float64(len(between)-8)/2, 180)
}

// dense is from how many links on they are drawn straight and thin: curves would run
// into each other where they bend.
const dense = 32

// edge draws a link among so many, the wider the more of the hop's flows take it.
func (s *sketch) edge(b *strings.Builder, e *edge, among int, gap float64) {
	class := "link"
	switch {
	case !e.sure:
		class += " unsure"
	case e.elsewhere:
		class += " elsewhere"
	}
	part := 0.0
	if all := s.seen[s.result.Nodes[e.to.nodes[0]].Hop]; all > 0 {
		part = float64(e.flows) / float64(all)
	}
	bend := gap / 2
	line := fmt.Sprintf("M%.1f,0C%.1f,%.1f %.1f,%.1f %.1f,%.1f", e.from.x, e.from.x, bend, e.to.x, bend, e.to.x, gap)
	width := 1.2 + 4*part
	if among >= dense {
		line, width = fmt.Sprintf("M%.1f,0L%.1f,%.1f", e.from.x, e.to.x, gap), 0.7+2*part
	}
	fmt.Fprintf(b, `<path class="%s" stroke-width="%.1f" d="%s"><title>%s</title></path>`, class, width, line, html.EscapeString(s.edgeWords(e)))
}

func (s *sketch) edgeWords(e *edge) string {
	words := fmt.Sprintf("%s to %s: %s", s.name(e.from), s.name(e.to), output.Count(e.flows, "flow"))
	switch {
	case !e.sure:
		words += ", not sure"
	case e.elsewhere:
		words += ", only packets to other addresses"
	}
	return words
}

// edgeLabel tells the share of its node's flows that a link takes, where there are
// few links and the node has several.
func (s *sketch) edgeLabel(b *strings.Builder, e *edge, between []*edge, gap float64) {
	of, flows := 0, 0
	for _, other := range between {
		if other.from == e.from {
			of++
			flows += other.flows
		}
	}
	if of < 2 || flows == 0 || e.flows == 0 || float64(len(between))*70 > s.width {
		return
	}
	fmt.Fprintf(b, `<text class="share" x="%.1f" y="%.1f">%s</text>`,
		e.from.x+(e.to.x-e.from.x)*0.74, gap*0.66+4, share(float64(e.flows)/float64(flows)))
}
