package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// size is that of a drawing, in points that become CSS pixels at full width.
type size struct{ width, height vg.Length }

// figure is a plot, drawn for two widths.
type figure struct{ Wide, Narrow template.HTML }

// newFigure draws a plot twice, with what wants to be known of it in words.
func newFigure(wide, narrow size, words string, draw func(size) *plot.Plot) (f figure, err error) {
	if f.Wide, err = render(draw(wide), wide, words); err != nil {
		return f, err
	}
	f.Narrow, err = render(draw(narrow), narrow, words)
	return f, err
}

// newPlot returns an empty plot in the page's inks.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	text := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 11}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color = ink("faint"), ink("faint")
		axis.Tick.Label.Color, axis.Label.TextStyle.Color = ink("ink"), ink("ink")
		axis.Tick.Label.Font, axis.Label.TextStyle.Font = text, text
		axis.Padding = 0
	}
	return p
}

var (
	root  = regexp.MustCompile(`(?s)^.*?<svg width="[^"]*" height="[^"]*"`)
	fonts = regexp.MustCompile(`font-(family|variant|weight|style):[^;"]*;?`)
)

// render returns a plot as an SVG element that fills the width it is given.
// Inline SVG takes no prologue, and its text the fonts of the style sheet.
func render(p *plot.Plot, s size, words string) (template.HTML, error) {
	canvas := vgsvg.New(s.width, s.height)
	p.Draw(newCanvas(canvas))
	var buf bytes.Buffer
	if _, err := canvas.WriteTo(&buf); err != nil {
		return "", err
	}
	svg := root.ReplaceAllString(buf.String(),
		fmt.Sprintf(`<svg role="img" aria-label="%s"`, html.EscapeString(words)))
	svg = strings.Replace(svg, "\n\txmlns:xlink=\"http://www.w3.org/1999/xlink\"", "", 1)
	return template.HTML(restore(fonts.ReplaceAllString(svg, ""))), nil
}
