package output

import (
	"io"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// MultipathSchema names the JSON document and its version. Fields may be added to
// a version; one that changes its meaning or goes makes a new version.
const MultipathSchema = "ebpftrace.multipath/1"

// multipathDocument is all that a search found. multipath.schema.json describes it
// too, for programs.
type multipathDocument struct {
	documentHead

	// Wanted is the probability with which all was to be found, Confidence that
	// reached. Lite holds the hops at which MDA-Lite spared probes.
	Wanted       float64    `json:"confidence_wanted"`
	Confidence   float64    `json:"confidence"`
	Lite         []int      `json:"lite_hops,omitempty"`
	Spent        int        `json:"probes_spent"`
	Theory       float64    `json:"probes_in_theory"` // of plain MDA, for this graph
	Destinations int        `json:"destinations,omitempty"`
	Again        *againJSON `json:"repeat,omitempty"`

	Nodes    []nodeJSON      `json:"nodes"` // the source first, then by hop
	Links    []linkJSON      `json:"links"`
	Diamonds []diamondJSON   `json:"diamonds"`
	Flows    []flowJSON      `json:"flows"`
	Doubts   []doubtJSON     `json:"doubts"`
	Counters tracer.Counters `json:"counters"` // what the source counted
	Tally    multipath.Tally `json:"tally"`    // what the run did
}

// againJSON is what it takes to send a flow again.
type againJSON struct {
	SourcePort uint16  `json:"source_port"` // of flow 0; the echo identifier of all
	FlowLabel  *uint32 `json:"flow_label,omitempty"`
	Command    string  `json:"command"` // N stands for the flow
}

// multipathJSON collects nothing: the result holds it all at the end.
type multipathJSON struct {
	w      io.Writer
	header MultipathHeader
}

func newMultipathJSON(w io.Writer) MultipathWriter { return &multipathJSON{w: w} }

func (j *multipathJSON) Start(h MultipathHeader) error {
	j.header = h
	return nil
}

func (j *multipathJSON) End(r *multipath.Result, err error) error {
	return writeIndented(j.w, newMultipathDocument(j.header, r, err), " ")
}

// newMultipathDocument describes the result; a nil one as failed before it began.
func newMultipathDocument(h MultipathHeader, r *multipath.Result, err error) multipathDocument {
	if r == nil {
		r = &multipath.Result{Stop: tracer.StopFailed, Started: h.Started, Wanted: h.Confidence}
	}
	d := multipathDocument{
		documentHead: newHead(MultipathSchema, h.Header, ended{r.Started, r.Elapsed, r.Reached(), r.Stop, err}),
		Wanted:       r.Wanted, Confidence: r.Confidence, Lite: r.Lite, Spent: r.Spent, Theory: r.Theory,
		Destinations: r.Destinations, Again: h.Again.json(),
		Counters: r.Counters, Tally: r.Tally,
	}
	d.graph(h, newGraph(r))
	return d
}

func (a Again) json() *againJSON {
	if len(a.Command) == 0 {
		return nil
	}
	return &againJSON{a.SourcePort, a.FlowLabel, a.command("N")}
}
