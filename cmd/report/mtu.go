package report

import (
	"fmt"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// WriteMTU writes the page of a path MTU discovery: that of a trace, with the MTU at
// each hop where it is another, and why it drops. The header is what
// output.MTUWriter.Start was given, and r, not nil, what pmtu.Run returned.
func WriteMTU(w io.Writer, h output.Header, r *pmtu.Result, failed error) error {
	said := output.SayMTU(r, failed)
	t := *said.Trace
	t.Started, t.Source, t.Target, t.Protocol = r.Started, r.Source, r.Target, r.Protocol
	v, err := newTraceView(h, &t, failed)
	if err != nil {
		return err
	}
	v.Outcome, v.Findings = said.Outcome, said.Drops
	v.Remarks = append(notes(h), said.Remarks...)
	v.Facts[0].Value = fmt.Sprintf("%s, up to %s", protocol(h), output.Count(h.Size, "byte"))
	v.mark(r)
	return execute(w, tracePage, v)
}

// mark enters the MTU at the stops where it is another than before.
func (v *traceView) mark(r *pmtu.Result) {
	before := 0
	for _, hop := range r.Hops {
		if hop.MTU == 0 || hop.MTU == before {
			continue
		}
		before = hop.MTU
		for i := range v.Stops {
			if v.Stops[i].TTL == fmt.Sprint(hop.TTL) {
				v.Stops[i].MTU = fmt.Sprintf("MTU %d", hop.MTU)
			}
		}
	}
}

func notes(h output.Header) (all []string) {
	for _, note := range h.Notes {
		all = append(all, output.Safe(note))
	}
	return all
}
