package output

import (
	"io"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// MTUSchema names the JSON document and its version, as [Schema] does a trace's.
const MTUSchema = "ebpftrace.mtu/1"

// mtuDocument is a whole discovery. mtuschema.json describes it too, for programs.
type mtuDocument struct {
	documentHead // packets are of several sizes
	// InterfaceMTU is what the discovery began with; PathMTU what gets through to
	// the last hop that answers, absent if none does. Bytes.
	InterfaceMTU int        `json:"interface_mtu"`
	PathMTU      int        `json:"path_mtu,omitempty"`
	Sent         int        `json:"probes"`        // all
	Search       int        `json:"search_probes"` // those that settled what a drop is
	Drops        []dropJSON `json:"drops"`
	Counters     counters   `json:"counters"`
	Hops         []mtuHop   `json:"hops"`
}

// mtuHop is a hop, and the largest packet known to get through to it.
type mtuHop struct {
	hop
	MTU int `json:"mtu,omitempty"`
}

// dropJSON is where the path MTU gets less.
type dropJSON struct {
	After     int          `json:"after_hop"`            // the last hop before it; 0: this host
	Behind    int          `json:"behind_hop,omitempty"` // absent: nobody there answers
	Before    int          `json:"mtu_before"`
	MTU       int          `json:"mtu"`
	Fails     int          `json:"fails,omitempty"` // the shortest packet known not to pass
	BlackHole bool         `json:"black_hole"`
	Message   *messageJSON `json:"message,omitempty"` // the first there was
	Worth     string       `json:"claim"`             // a pmtu.Worth
	Passed    int          `json:"passed"`
	Refused   int          `json:"refused"`
	Vanished  int          `json:"vanished"`
	Probes    int          `json:"probes"`
}

type messageJSON struct {
	From string `json:"from"`
	Name string `json:"name,omitempty"`
	Size int    `json:"packet_size"`
	MTU  int    `json:"mtu"` // as claimed; 0: not stated
}

// mtuJSON collects nothing: the result holds it all at the end.
type mtuJSON struct {
	w      io.Writer
	header Header
}

func (j *mtuJSON) Start(h Header) error {
	j.header = h
	return nil
}

func (j *mtuJSON) Hop(pmtu.Hop) error   { return nil }
func (j *mtuJSON) Drop(pmtu.Drop) error { return nil }

func (j *mtuJSON) End(r *pmtu.Result, err error) error {
	return writeIndented(j.w, newMTUDocument(j.header, r, err), "  ")
}

// newMTUDocument describes the result; a nil one as failed before it began.
func newMTUDocument(h Header, r *pmtu.Result, err error) mtuDocument {
	if r == nil {
		r = &pmtu.Result{Stop: tracer.StopFailed, Interface: h.Size, Started: h.Started}
	}
	d := mtuDocument{
		documentHead: newHead(MTUSchema, h, ended{r.Started, r.Elapsed, r.Reached(), r.Stop, err}),
		InterfaceMTU: r.Interface, PathMTU: r.PathMTU, Sent: r.Sent, Search: r.Search,
		Drops: make([]dropJSON, len(r.Drops)), Counters: counters{r.Counters, r.Tally}, Hops: make([]mtuHop, len(r.Hops)),
	}
	d.Size = nil
	for i, drop := range r.Drops {
		d.Drops[i] = newDrop(h, drop)
	}
	for i, t := range r.Hops {
		d.Hops[i] = mtuHop{newHops(h, []tracer.Hop{t.Hop})[0], t.MTU}
	}
	return d
}

func newDrop(h Header, d pmtu.Drop) dropJSON {
	j := dropJSON{
		After: d.After, Behind: d.Behind, Before: d.Before, MTU: d.MTU, Fails: d.Fails,
		BlackHole: d.Message == nil, Worth: d.Worth.String(),
		Passed: d.Evidence.Passed, Refused: d.Evidence.Refused, Vanished: d.Evidence.Vanished, Probes: d.Evidence.Probes,
	}
	if m := d.First; m != nil {
		j.Message = &messageJSON{Plain(m.From).String(), h.name(m.From, jsonName), m.Size, m.MTU}
	}
	return j
}
