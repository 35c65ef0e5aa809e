package output

import (
	"cmp"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
)

// lossJSON is what a document says of unanswered probes.
type lossJSON struct {
	Loss      []LossVerdict `json:"loss,omitempty"`
	Reordered []reordered   `json:"reordered,omitempty"`
}

// LossVerdict is a loss.Verdict as JSON has it.
type LossVerdict struct {
	Verdict  string      `json:"verdict"`        // a loss.Kind
	Path     int         `json:"path,omitempty"` // by number, if it changed
	TTL      int         `json:"ttl,omitempty"`
	First    int         `json:"first,omitempty"`
	Last     int         `json:"last,omitempty"`
	Hops     []int       `json:"hops,omitempty"`
	Here     loss.Count  `json:"here"`
	Others   *loss.Count `json:"others,omitempty"`
	Interval []float64   `json:"interval,omitempty"`
	Evidence string      `json:"evidence"` // a loss.Evidence
	P        *float64    `json:"p,omitempty"`
	Paces    []pace      `json:"paces,omitempty"`
}

type pace struct {
	Interval int64 `json:"interval_ns"`
	loss.Count
}

type reordered struct {
	TTL     int `json:"ttl"`
	Answers int `json:"answers"`
}

func enterLoss(d *document, _ Header, t *tracer.Trace) {
	r := loss.Of(t)
	d.Loss = LossVerdicts(r.Verdicts)
	for ttl, n := range r.Reordered {
		d.Reordered = append(d.Reordered, reordered{ttl, n})
	}
	slices.SortFunc(d.Reordered, func(a, b reordered) int { return cmp.Compare(a.TTL, b.TTL) })
}

// LossVerdicts writes verdicts as JSON has them.
func LossVerdicts(verdicts []loss.Verdict) (all []LossVerdict) {
	for _, v := range verdicts {
		j := LossVerdict{
			Verdict: v.Kind.String(), Path: v.Path, TTL: v.TTL, First: v.First, Last: v.Last, Hops: v.Hops,
			Here: v.Here, Evidence: v.Evidence.String(),
		}
		if v.Others.Sent > 0 {
			j.Others = &v.Others
		}
		if v.High > 0 {
			j.Interval = []float64{v.Low, v.High}
		}
		if v.Evidence != loss.Plain && v.Evidence != loss.ByAll {
			j.P = &v.P
		}
		for _, p := range v.Paces {
			j.Paces = append(j.Paces, pace{p.Interval.Nanoseconds(), p.Count})
		}
		all = append(all, j)
	}
	return all
}
