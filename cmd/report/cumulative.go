package report

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// curve is a distribution and the name of its source.
type curve struct {
	name string
	*stats.Distribution
}

// dashes tell sources apart for whoever can't by colour, and on grey paper.
var dashes = map[string][]vg.Length{
	"kernel": nil, "driver+tcx": {6, 2}, "tcx+receive": {2, 2}, "tcx": {8, 2, 2, 2}, "socket": {4, 4}, "user": nil,
}

// dashArray writes dashes as SVG does.
func dashArray(source string) string {
	var all []string
	for _, d := range dashes[source] {
		all = append(all, fmt.Sprint(d.Points()))
	}
	return strings.Join(all, ",")
}

const lineWidth = 1.8

// cumulative plots which share of the samples takes no longer than what, over a
// logarithmic axis.
func cumulative(curves []curve) *plot.Plot {
	p := newPlot()
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks{}
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = 0, 1, shareTicks{}
	p.X.Min, p.X.Max = span(curves)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = ink("grid"), ink("grid")
	grid.Horizontal.Width, grid.Vertical.Width = 0.7, 0.7
	p.Add(grid)
	for _, c := range curves {
		line, err := plotter.NewLine(steps(c.Distribution, p.X.Min, p.X.Max))
		if err != nil {
			continue // nothing to draw
		}
		line.Color, line.Width, line.Dashes = ink(slug(c.name)), lineWidth, dashes[c.name]
		p.Add(line)
	}
	return p
}

// least is the shortest time that a plot shows: below, a stamp's own cost is all
// there is to see.
const least = 10

// span returns the bounds of an axis that shows all of the curves.
func span(curves []curve) (from, to float64) {
	from, to = math.Inf(1), least*10
	for _, c := range curves {
		if c.Count() > 0 {
			from, to = min(from, float64(c.Min())), max(to, float64(c.Max()))
		}
	}
	from = min(max(inward(max(from, 1)), least), to/10)
	return from, outward(to)
}

// steps returns the corners of a cumulative distribution. What is shorter than
// the axis begins is where it begins. Steps too small to be seen are left out.
func steps(d *stats.Distribution, from, to float64) (corners plotter.XYs) {
	const visible = 1.0 / 500
	width := math.Log(to / from)
	last := plotter.XY{X: from, Y: 0}
	corners = append(corners, last)
	for v, share := range d.Cumulative() {
		x := max(float64(v), from)
		if share < 1 && math.Log(x/last.X) < visible*width && share-last.Y < visible {
			continue
		}
		corners = append(corners, plotter.XY{X: x, Y: last.Y}, plotter.XY{X: x, Y: share})
		last = plotter.XY{X: x, Y: share}
	}
	return corners
}
