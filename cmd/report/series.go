package report

import (
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// seriesLeast is the least number of answers of the last hop that are worth a plot over
// time, and seriesMost the most points of one.
const (
	seriesLeast = 5
	seriesMost  = 2000
)

// moment is a probe to the last hop: when it was sent after the start, and its time.
type moment struct {
	at   time.Duration
	rtt  time.Duration
	lost bool
}

// moments returns those of the last hop that answered.
func moments(t *tracer.Trace) (all []moment) {
	for i := len(t.Hops) - 1; i >= 0 && len(all) == 0; i-- {
		heard := false
		for _, p := range t.Hops[i].Probes {
			heard = heard || p.State.Heard() && p.Timing.Name != ""
		}
		if heard {
			all = timesOf(t.Hops[i], t.Started)
		}
	}
	return all
}

func timesOf(h tracer.Hop, start time.Time) (all []moment) {
	for i := 0; i < len(h.Probes); i += 1 + len(h.Probes)/seriesMost {
		p := h.Probes[i]
		switch {
		case p.State == tracer.Lost:
			all = append(all, moment{at: p.SentAt.Sub(start), lost: true})
		case p.State.Heard() && p.Timing.Name != "":
			all = append(all, moment{at: p.SentAt.Sub(start), rtt: p.RTT})
		}
	}
	return all
}

// series plots times as time went by, with few labels or more; losses are crosses at the
// bottom.
func series(all []moment, few bool) *plot.Plot {
	p := newPlot()
	p.X.Tick.Marker, p.Y.Tick.Marker = linearTicks{few}, linearTicks{}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = ink("grid"), ink("grid")
	grid.Horizontal.Width, grid.Vertical.Width = 0.7, 0.7
	p.Add(grid)
	var heard, lost plotter.XYs
	end, most := 1.0, 1.0
	for _, m := range all {
		x := math.Max(0, float64(m.at))
		end, most = max(end, x), max(most, float64(m.rtt))
		if m.lost {
			lost = append(lost, plotter.XY{X: x})
		} else {
			heard = append(heard, plotter.XY{X: x, Y: float64(m.rtt)})
		}
	}
	p.Add(&plotter.Scatter{XYs: heard, GlyphStyle: draw.GlyphStyle{Color: ink("kernel"), Radius: 2.2, Shape: draw.CircleGlyph{}}})
	p.Add(&plotter.Scatter{XYs: lost, GlyphStyle: draw.GlyphStyle{Color: ink("user"), Radius: 4, Shape: draw.CrossGlyph{}}})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, end*1.02, 0, outward(most)
	return p
}
