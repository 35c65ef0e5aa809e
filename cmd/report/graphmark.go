package report

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// shape draws the marks of a row, which all have one form: a box with all there is to
// say, a chip with a label, perhaps the address, time and share, or a dot with the label.
type shape struct {
	*sketch
	width float64 // of a mark
	lines int     // of text; 0: a dot
	box   bool
}

const (
	lineHeight = 15
	padding    = 5 // above the first line and below the last
	dotHeight  = 24
	widest     = 280
	behind     = 3 // how much the second mark of several nodes stands out
)

// shape chooses the form that there is room for.
func (s *sketch) shape(l *layer, pitch float64) shape {
	f := shape{sketch: s, width: min(pitch-8, widest)}
	switch {
	case pitch >= s.boxPitch:
		f.box = true
		for _, m := range l.marks {
			f.lines = max(f.lines, len(f.text(m)))
		}
	case pitch >= s.addressPitch:
		f.lines = 4
	case pitch >= s.chipPitch:
		f.lines = 3
	default:
		f.width = min(pitch-2, dotHeight)
	}
	return f
}

func (f shape) height() float64 {
	if f.lines == 0 {
		return dotHeight
	}
	return float64(f.lines*lineHeight + 2*padding)
}

// draw draws a mark, with its upper edge at a height.
func (f shape) draw(b *strings.Builder, m *mark, top float64) {
	fmt.Fprintf(b, `<g class="%s"><title>%s</title>`, f.class(m), html.EscapeString(f.whole(m)))
	left, less := m.x-f.width/2, 0.0
	radius := 6.0
	if f.lines == 0 {
		radius = f.width / 2
	}
	if len(m.nodes) > 1 {
		less = behind
		f.rect(b, left+behind, top+behind, behind, radius)
	}
	f.rect(b, left, top, less, radius)
	for i, line := range f.text(m) {
		f.line(b, m.x-less/2, top+float64(i)*lineHeight-less/2, line, i == 0)
	}
	b.WriteString("</g>")
}

// rect draws the outline of a mark, by so much smaller than there is room for.
func (f shape) rect(b *strings.Builder, left, top, less, radius float64) {
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f"></rect>`,
		left+1, top+1, f.width-2-less, f.height()-2-less, radius)
}

// The sizes of text, in pixels, and how wide a character is at the mean, in those.
const (
	textSize, leastSize  = 11.0, 8.5
	regular, bold        = 0.53, 0.59
	beforeText           = 4.0
	baseline, dotsMiddle = 11.5, 4.0
)

// line writes a line of a mark, smaller and then cut until it fits.
func (f shape) line(b *strings.Builder, x, top float64, text string, head bool) {
	if text == "" {
		return
	}
	class, wide := "", regular
	if head {
		class, wide = ` class="head"`, bold
	}
	n := float64(utf8.RuneCountInString(text))
	size := min(textSize, max(leastSize, (f.width-2*beforeText)/(wide*n)))
	if most := int((f.width - 2*beforeText) / (wide * size)); f.lines > 0 && int(n) > most {
		text = string([]rune(text)[:max(1, most-1)]) + "…"
	}
	y := top + padding + baseline
	if f.lines == 0 {
		y, size = top+dotHeight/2+dotsMiddle, min(textSize, f.width/(wide*(n+1)))
	}
	fmt.Fprintf(b, `<text%s style="font-size:%.1fpx" x="%.1f" y="%.1f">%s</text>`, class, size, x, y, html.EscapeString(text))
}
