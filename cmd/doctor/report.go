package doctor

import (
	"context"
	"os"
)

// Report is what there is to say.
type Report struct {
	// Interface is the one that was looked at, nil if there was none.
	Interface *Device
	// Results has a line for each of [Checks], in their order.
	Results []Result
	// Rung is what the last line says.
	Rung Rung
}

// Examine looks at this host, in the network namespace of the process, and judges.
// It takes 20 seconds at the most, and a fraction of one as a rule.
func Examine(ctx context.Context, o Options) *Report {
	return judge(gather(ctx, host{Options: o, patience: usual, root: os.DirFS("/")}, looks))
}

func judge(f *Facts) *Report {
	r := &Report{Rung: f.rung()}
	if d, err := f.Device.Get(); err == nil {
		r.Interface = &d
	}
	for _, c := range Checks {
		result := c.Judge(f)
		result.Name = c.Name
		r.Results = append(r.Results, result)
	}
	return r
}

// Status sums up: OK if the nearest stamps are to be had, Missing if no trace is
// possible.
func (r *Report) Status() Status { return r.Rung.Status() }
