package record

import (
	"encoding/json"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// Search is a search for all paths as its file has it.
type Search struct {
	Header output.MultipathHeader
	Result *multipath.Result
	// Err is what ended the search, if it failed.
	Err error
}

// WriteSearch writes the file of a search: what output.MultipathWriter.Start was given,
// and what multipath.Run returned, of which the result is not nil; else see Write.
func (r *Recorder) WriteSearch(w io.Writer, program string, h output.MultipathHeader, found *multipath.Result, failed error) error {
	c := r.capture(offset(r.order))
	text, err := json.Marshal(r.encodeSearch(program, h, found, failed, c))
	if err != nil {
		return err
	}
	if err := c.write(w, program, h.Interface, about(h.Header, found.Stop, found.Elapsed), found); err != nil {
		return err
	}
	return writeCustom(w, text)
}

// Play has a MultipathWriter write the search as it was in the end.
func (s *Search) Play(w output.MultipathWriter) error {
	if err := w.Start(s.Header); err != nil {
		return err
	}
	return w.End(s.Result, s.Err)
}
