package live

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// queued says that probes of most hops are held in this host's own queue, if they are: no
// round-trip time of the table includes that.
func (m *model) queued() string {
	all := holds(m.record())
	if len(all) == 0 || all[len(all)/2] < output.LongQueue {
		return ""
	}
	return warn.Styled("this host's own queue holds probes for " + output.Duration(all[len(all)/2]) + ", which no time above includes")
}

// holds returns for how long the probes of each hop were held, from tcx egress to the
// driver: the medians, in order of length.
func holds(r *rounds.Record) (all []time.Duration) {
	for _, h := range r.Hops() {
		for _, from := range h.Responders {
			spans, _, _ := from.Division.Spans()
			for _, s := range spans {
				if s.From == stamp.TCXEgress && s.To == stamp.DriverStart {
					all = append(all, s.Time.Quantile(0.5))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}
