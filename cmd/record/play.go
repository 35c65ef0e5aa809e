package record

import (
	"errors"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// ErrSearch is returned where a single path is wanted of a search for all paths.
var ErrSearch = errors.New("holds all paths, found with --multipath, and no single one")

// Play has a Writer write the trace as it was in the end. A Prober is told of each
// probe once, before its hop. Of a search there is none: see Search.Play.
func (r *Recording) Play(w output.Writer) error {
	if r.Trace == nil {
		return ErrSearch
	}
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
