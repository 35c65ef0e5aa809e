package record

import "github.com/ebpftrace/ebpftrace/cmd/output"

// Play has a Writer write the run as it was in the end. A Prober is told of each
// probe once, before its hop.
func (r *Recording) Play(w output.Writer) error {
	if err := w.Start(r.Header); err != nil {
		return err
	}
	prober, streams := w.(output.Prober)
	for _, h := range r.Trace.Hops {
		for _, p := range h.Probes {
			if streams {
				prober.Probe(p) // a failure comes back from End
			}
		}
		w.Hop(h)
	}
	return w.End(r.Trace, r.Err)
}
