package cli

import (
	"errors"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// startSearch does for a search for all paths what start does for a trace.
func (k *keeper) startSearch(h output.MultipathHeader) output.MultipathHeader {
	if k != nil {
		h.Names = k.recorder.Names(h.Names)
	}
	return h
}

// endSearch does for a search what end does for a trace.
func (k *keeper) endSearch(h output.MultipathHeader, r *multipath.Result, failed error) error {
	if k == nil || r == nil {
		return nil
	}
	return errors.Join(
		overwrite("--save", k.recording, func(w io.Writer) error { return k.recorder.WriteSearch(w, version, h, r, failed) }),
		overwrite("--report", k.page, func(w io.Writer) error { return report.WriteMultipath(w, h, r, failed) }),
	)
}

// endMTU does for a path MTU discovery what end does for a trace. It has no recording.
func (k *keeper) endMTU(h output.Header, r *pmtu.Result, failed error) error {
	if k == nil || r == nil {
		return nil
	}
	return overwrite("--report", k.page, func(w io.Writer) error { return report.WriteMTU(w, h, r, failed) })
}
