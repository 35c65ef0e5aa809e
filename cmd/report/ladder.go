package report

import (
	"fmt"
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// rung is an address at a hop, in the plot of all times.
type rung struct {
	label string
	*responder
}

const (
	// rungHeight is that of a rung in the plot, in points.
	rungHeight = 22
	// pointsLimit is the most samples of a rung that are drawn one by one.
	pointsLimit = 100
)

// draw makes the plots that there is something for.
func (v *traceView) draw(r *bench.Result, all []*measured, t *tracer.Trace) (err error) {
	if rungs := rungsOf(all); len(rungs) > 0 {
		height := vg.Length(len(rungs))*rungHeight + 40
		if v.Ladder, err = newFigure(size{wide.width, height}, size{narrow.width, height}, "Round-trip times of each hop",
			func(size) *plot.Plot { return ladder(rungs) }); err != nil {
			return err
		}
	}
	if points := moments(t); len(points) >= seriesLeast {
		if v.Series, err = newFigure(wide, narrow, "Round-trip times as time went by", func(s size) *plot.Plot { return series(points, s == narrow) }); err != nil {
			return err
		}
	}
	columns, bars := bars(r)
	if len(columns) == 0 {
		return nil
	}
	height := vg.Length(len(bars))*(barHeight+6) + 40
	v.Divided, err = newFigure(size{wide.width, height}, size{narrow.width, height}, "Median delay of each hop, divided",
		func(size) *plot.Plot { return stacked(columns, bars) })
	return err
}

func rungsOf(all []*measured) (rungs []rung) {
	for _, m := range all {
		for i, by := range m.by {
			if by.rtt.Count() > 0 {
				rungs = append(rungs, rung{fmt.Sprintf("hop %d%s", m.ttl, letter(i, len(m.by))), by})
			}
		}
	}
	return rungs
}

// ladder plots the times of each address over a logarithmic axis, the first hop on top:
// the samples, a line from the tenth to the ninetieth of a hundred, and the median.
func ladder(rungs []rung) *plot.Plot {
	p := newPlot()
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks{}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = ink("grid"), ink("grid")
	grid.Horizontal.Width, grid.Vertical.Width = 0.7, 0.7
	p.Add(grid)
	names := make([]string, len(rungs))
	for i, r := range rungs {
		y := float64(len(rungs) - 1 - i)
		names[len(rungs)-1-i] = r.label
		p.Add(r.range90(y), r.points(y), r.median(y))
	}
	p.NominalY(names...)
	p.Y.LineStyle.Width = 0
	p.X.Min, p.X.Max = bounds(rungs)
	p.Y.Min, p.Y.Max = -0.6, float64(len(rungs))-0.4
	return p
}

// bounds returns those of an axis that shows all samples.
func bounds(rungs []rung) (from, to float64) {
	from, to = math.Inf(1), least*10
	for _, r := range rungs {
		from, to = min(from, float64(r.rtt.Min())), max(to, float64(r.rtt.Max()))
	}
	from = min(max(inward(max(from, 1)), least), to/10)
	return from, outward(to)
}

// shown is where a time stands on an axis that begins at least.
func shown(d time.Duration) float64 { return max(float64(d), least) }

func (r rung) range90(y float64) plot.Plotter {
	return line(plotter.XYs{{X: shown(r.rtt.Quantile(0.1)), Y: y}, {X: shown(r.rtt.Quantile(0.9)), Y: y}}, ink("kernel"), 1.5)
}

func (r rung) points(y float64) plot.Plotter {
	var at plotter.XYs
	for i := 0; i < len(r.times); i += 1 + len(r.times)/pointsLimit {
		at = append(at, plotter.XY{X: shown(r.times[i]), Y: y})
	}
	s := &plotter.Scatter{XYs: at, GlyphStyle: draw.GlyphStyle{Color: ink("kernel"), Radius: 2.2, Shape: draw.CircleGlyph{}}}
	return s
}

func (r rung) median(y float64) plot.Plotter {
	m := shown(r.rtt.Quantile(0.5))
	return line(plotter.XYs{{X: m, Y: y - 0.32}, {X: m, Y: y + 0.32}}, ink("ink"), 2)
}

func line(at plotter.XYs, c color.Color, width vg.Length) plot.Plotter {
	l := &plotter.Line{XYs: at}
	l.Color, l.Width = c, width
	return l
}
