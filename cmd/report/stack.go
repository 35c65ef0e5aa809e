package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bar is the division of the delay to one address.
type bar struct {
	label string
	parts []float64 // nanoseconds, one for each column
}

const barHeight = 18

// stacked plots bars from the first, on top, to the last, each of them divided.
func stacked(columns []string, bars []bar) *plot.Plot {
	p := newPlot()
	p.X.Tick.Marker = linearTicks{}
	p.X.Min, p.X.Max = 0, outward(longest(bars))
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = nil, ink("grid")
	grid.Vertical.Width = 0.7
	p.Add(grid)
	var below *plotter.BarChart
	for i, column := range columns {
		chart, err := plotter.NewBarChart(values(bars, i), barHeight)
		if err != nil {
			continue // nothing to draw
		}
		chart.Horizontal, chart.Color, chart.LineStyle.Width = true, ink(slug(column)), 0
		if below != nil {
			chart.StackOn(below)
		}
		p.Add(chart)
		below = chart
	}
	names := make([]string, len(bars))
	for i, b := range bars {
		names[len(bars)-1-i] = b.label
	}
	p.NominalY(names...)
	p.Y.LineStyle.Width = 0
	p.X.Min, p.X.Max = 0, outward(longest(bars)) // charts have changed them
	p.Y.Min, p.Y.Max = -0.6, float64(len(bars))-0.4
	return p
}

// values returns a column of the bars. The axis goes upwards, so the last bar is
// the first.
func values(bars []bar, column int) (v plotter.Values) {
	for i := len(bars) - 1; i >= 0; i-- {
		v = append(v, bars[i].parts[column])
	}
	return v
}

func longest(bars []bar) (most float64) {
	for _, b := range bars {
		sum := 0.0
		for _, part := range b.parts {
			sum += part
		}
		most = max(most, sum)
	}
	return most
}

// newCanvas leaves a margin for labels that stand out at the ends of an axis.
func newCanvas(c vg.CanvasSizer) draw.Canvas {
	return draw.Crop(draw.New(c), 2, -22, 2, -6)
}
