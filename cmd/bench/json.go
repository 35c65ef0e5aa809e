package bench

import (
	"encoding/json"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Schema names the JSON document and its version. Fields may be added to a
// version; one that changes its meaning or goes makes a new version.
const Schema = "ebpftrace.bench/1"

// nanoseconds is RFC 3339 with all nine digits, so that times sort as text.
const nanoseconds = "2006-01-02T15:04:05.000000000Z07:00"

// document is a whole result. schema.json describes it too, for programs.
type document struct {
	Schema    string `json:"schema"` // [Schema]
	Target    string `json:"target"` // as the user named it
	Address   string `json:"address"`
	Source    string `json:"source"` // of this host
	Interface string `json:"interface,omitempty"`
	Protocol  string `json:"protocol"`       // udp, icmp, tcp
	Port      uint16 `json:"port,omitempty"` // absent if the protocol has none
	Size      int    `json:"packet_size"`    // of a probe in bytes, with IP header
	// StartedAt is the wall clock in UTC (RFC 3339).
	StartedAt string        `json:"started_at"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	Count     int           `json:"count"`  // rounds asked for
	Rounds    int           `json:"rounds"` // whole rounds made
	Interval  time.Duration `json:"interval_ns"`
	Load      string        `json:"load"` // as given to --load, or none
	// StopReason is that of the trace that learned the path.
	StopReason  string   `json:"stop_reason"`
	Interrupted bool     `json:"interrupted"`
	Error       string   `json:"error,omitempty"`
	Notes       []string `json:"notes,omitempty"` // why no nearer stamps are taken
	Counters    counters `json:"counters"`
	Hops        []hop    `json:"hops"` // in order of TTL
	Total       groupDoc `json:"total"`
	findingsDoc
}

// counters is all that was counted, zeros included.
type counters struct {
	tracer.Counters
	tracer.Tally
}

// hop sums up the probes of one TTL.
type hop struct {
	TTL        int            `json:"ttl"`
	Probes     map[string]int `json:"probes"` // by tracer.State, zeros included
	Duplicates int            `json:"duplicates"`
	Responders []responder    `json:"responders"` // who answered most first
}

type responder struct {
	From     string `json:"from"`
	Path     int    `json:"path,omitempty"` // its number, if there were several
	Name     string `json:"name,omitempty"`
	Answered int    `json:"answered"`
	groupDoc
}

// WriteJSON writes the result, and the error that ended it, as one document. The
// error returned is one of w.
func (r *Result) WriteJSON(w io.Writer, err error) error {
	text, merr := json.MarshalIndent(r.document(err), "", "  ")
	if merr != nil {
		return merr
	}
	_, werr := w.Write(append(text, '\n'))
	return werr
}

func (r *Result) document(err error) document {
	h := r.Header
	d := document{
		Schema: Schema, Target: output.Safe(h.Target), Address: output.Plain(h.Address).String(),
		Source: output.Plain(h.Source).String(), Interface: output.Safe(h.Interface),
		Protocol: h.Protocol, Port: h.Port, Size: h.Size,
		StartedAt: r.Started.UTC().Format(nanoseconds), Elapsed: r.Elapsed,
		Count: r.Count, Rounds: r.Rounds, Interval: r.Interval, Load: r.LoadName(),
		StopReason: r.Learned.String(), Interrupted: r.Interrupted,
		Counters: counters{r.Counters, r.Tally}, Hops: []hop{}, // never null
		Total: newGroup(&r.Path.Total, false), findingsDoc: r.findings(),
	}
	for _, note := range h.Notes {
		d.Notes = append(d.Notes, output.Safe(note))
	}
	if err != nil {
		d.Error = output.Safe(err.Error())
	}
	for _, h := range r.Path.Hops() {
		d.Hops = append(d.Hops, r.hop(h))
	}
	return d
}

func (r *Result) hop(h *stats.Hop) hop {
	j := hop{TTL: h.TTL, Probes: map[string]int{}, Duplicates: h.Duplicates, Responders: []responder{}}
	for state, n := range h.Probes {
		j.Probes[tracer.State(state).String()] = n
	}
	for _, from := range h.Responders {
		j.Responders = append(j.Responders, responder{
			From: output.Plain(from.Addr).String(), Name: r.Name(from.Addr),
			Path: r.route(from), Answered: from.Answered, groupDoc: newGroup(&from.Group, true),
		})
	}
	return j
}
