package report

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// sheet is what a graph is drawn on; lengths are CSS pixels at full width.
type sheet struct {
	width, gutter float64
	// pitch is the most that marks of a row are apart, and the others the least for
	// a box, for a chip with an address, and for one with a time. A row has room for
	// no more than so many marks.
	pitch, boxPitch, addressPitch, chipPitch float64
	most                                     int
}

var (
	desk  = sheet{width: 920, gutter: 34, pitch: 290, boxPitch: 146, addressPitch: 84, chipPitch: 54, most: 32}
	phone = sheet{width: 350, gutter: 22, pitch: 300, boxPitch: 146, addressPitch: 84, chipPitch: 54, most: 16}
)

// place gives the marks of a row their places, and returns how far they are apart.
func (s sheet) place(l *layer) float64 {
	room := s.width - s.gutter
	pitch := min(s.pitch, room/float64(len(l.marks)))
	x := s.gutter + room/2 - pitch*float64(len(l.marks)-1)/2
	for _, m := range l.marks {
		m.x = x
		x += pitch
	}
	return pitch
}

// sketch is a graph that is being drawn.
type sketch struct {
	sheet
	result *multipath.Result
	said   output.MultipathSaid
	seen   map[int]int // by hop: how many flows
}

// drawGraph draws a graph: an SVG element for each hop, to be set one below another
// without a gap. All text is escaped.
func drawGraph(r *multipath.Result, said output.MultipathSaid, on sheet) (all []template.HTML) {
	s := sketch{on, r, said, map[int]int{}}
	for _, n := range r.Nodes {
		s.seen[n.Hop] += len(n.Flows)
	}
	rows := layers(r, on.most)
	for i, l := range rows {
		pitch := on.place(l)
		var between []*edge
		if i > 0 {
			between = edges(rows[i-1], l, r.Links)
		}
		all = append(all, s.hop(l, between, pitch))
	}
	return all
}

// hop draws a row of marks with the links to it above.
func (s *sketch) hop(l *layer, between []*edge, pitch float64) template.HTML {
	gap := gapHeight(between)
	shape := s.shape(l, pitch)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, s.width, gap+shape.height(), html.EscapeString(s.words(l)))
	for _, e := range between {
		s.edge(&b, e, len(between), gap)
	}
	for _, e := range between {
		s.edgeLabel(&b, e, between, gap)
	}
	if len(between) > 0 {
		fmt.Fprintf(&b, `<text class="hop" x="0" y="%.1f">%d</text>`, gap+shape.height()/2+4, l.hop)
	}
	for _, m := range l.marks {
		shape.draw(&b, m, gap)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// words say what a row shows, for who can't see it.
func (s *sketch) words(l *layer) string {
	n := 0
	for _, m := range l.marks {
		n += len(m.nodes)
	}
	if l.marks[0].nodes[0] == 0 {
		return "source"
	}
	return fmt.Sprintf("hop %d: %s", l.hop, output.Count(n, "node"))
}

// name is a mark's in words.
func (s *sketch) name(m *mark) string {
	first, last := s.said.Nodes[m.nodes[0]], s.said.Nodes[m.nodes[len(m.nodes)-1]]
	if len(m.nodes) == 1 {
		return first.Label
	}
	return first.Label + "–" + last.Letters
}
