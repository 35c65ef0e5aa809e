package doctor

import (
	"encoding/json"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// Schema names the JSON document and its version. Fields may be added to a
// version; one that changes its meaning or goes makes a new version.
const Schema = "ebpftrace.doctor/1"

// document is a whole report. schema.json describes it too, for programs.
type document struct {
	Schema    string          `json:"schema"` // [Schema]
	Status    Status          `json:"status"` // of the timing
	Interface *deviceDocument `json:"interface,omitempty"`
	Timing    *timingDocument `json:"timing,omitempty"` // absent where no trace is possible
	Checks    []Result        `json:"checks"`
}

type deviceDocument struct {
	Name  string `json:"name"`
	Index int    `json:"index"`
	By    string `json:"by"`
}

type timingDocument struct {
	Name    string  `json:"name"`
	Send    string  `json:"send"`
	Receive string  `json:"receive"`
	Sockets Sockets `json:"sockets"`
	Tried   bool    `json:"tried"`
}

// WriteJSON writes the report as one document. The error is one of w.
func (r *Report) WriteJSON(w io.Writer) error {
	text, err := json.MarshalIndent(r.document(), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func (r *Report) document() document {
	d := document{Schema: Schema, Status: r.Status()}
	if i := r.Interface; i != nil {
		d.Interface = &deviceDocument{output.Safe(i.Name), i.Index, output.Safe(i.By)}
	}
	if t := r.Rung.Timing; r.Status() != Missing {
		d.Timing = &timingDocument{t.Name, t.Send.String(), t.Receive.String(), r.Rung.Sockets, r.Rung.Tried}
	}
	for _, c := range r.Results {
		c.Found, c.Cost, c.Mend, c.Note = output.Safe(c.Found), output.Safe(c.Cost), output.Safe(c.Mend), output.Safe(c.Note)
		d.Checks = append(d.Checks, c)
	}
	return d
}
