package report

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// The sizes of drawings. The narrow ones suit a phone of 360 pixels or more.
var (
	wide   = size{760, 300}
	narrow = size{360, 250}
)

// draw makes the plots over all hops, of what there is to plot.
func (v *view) draw(r *bench.Result) (err error) {
	rtts, excesses := curves(r.Path.Total.Sources.All())
	if v.RTT, err = newFigure(wide, narrow, "Cumulative distribution of round-trip times by source",
		func(size) *plot.Plot { return cumulative(rtts) }); err != nil {
		return err
	}
	if v.Excess, err = newFigure(wide, narrow, "Cumulative distribution of the excess over the best source",
		func(size) *plot.Plot { return cumulative(excesses) }); err != nil {
		return err
	}
	columns, bars := bars(r)
	if len(columns) == 0 {
		return nil
	}
	height := vg.Length(len(bars))*(barHeight+10) + 40
	v.Stacked, err = newFigure(size{wide.width, height}, size{narrow.width, height}, "Median delay of each hop, divided",
		func(size) *plot.Plot { return stacked(columns, bars) })
	return err
}

// curves returns the distributions that there is something in.
func curves(all []*stats.Source) (rtts, excesses []curve) {
	for _, s := range all {
		if s.RTT.Count() > 0 {
			rtts = append(rtts, curve{s.Timing.Name, &s.RTT})
		}
		if s.Excess.Count() > 0 {
			excesses = append(excesses, curve{s.Timing.Name, &s.Excess})
		}
	}
	return rtts, excesses
}

// bars returns the medians of each address's division.
func bars(r *bench.Result) (columns []string, all []bar) {
	columns = r.Columns()
	for _, h := range r.Path.Hops() {
		for i, responder := range h.Responders {
			b := bar{label: fmt.Sprintf("hop %d%s", h.TTL, letter(i, len(h.Responders))), parts: make([]float64, len(columns))}
			spans, _, _ := responder.Division.Spans()
			for k, c := range columns {
				for _, s := range spans {
					if s.Parts == c {
						b.parts[k] = float64(s.Time.Quantile(0.5))
					}
				}
			}
			all = append(all, b)
		}
	}
	return columns, all
}

// letter tells the addresses of one hop apart.
func letter(i, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf(" %c", 'a'+i%26)
}
