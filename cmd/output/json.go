package output

import (
	"encoding/json"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Schema names the JSON document and its version. Fields may be added to a
// version; one that changes its meaning or goes makes a new version.
const Schema = "ebpftrace.trace/1"

// nanoseconds is RFC 3339 with all nine digits, so that times sort as text.
const nanoseconds = "2006-01-02T15:04:05.000000000Z07:00"

// document is a whole trace. schema.json describes it too, for programs.
type document struct {
	Schema string `json:"schema"` // [Schema]
	Target string `json:"target"` // as the user named it
	// Address is the target's address, and Source the one of this host that
	// the probes left from; without zone.
	Address   string `json:"address"`
	Source    string `json:"source"`
	Interface string `json:"interface,omitempty"`
	Protocol  string `json:"protocol"`       // udp, icmp, tcp
	Port      uint16 `json:"port,omitempty"` // absent if the protocol has none
	MaxTTL    int    `json:"max_ttl"`
	Size      int    `json:"packet_size"` // of a probe in bytes, with IP header
	// Timing is the pair of stamps expected to time every sample; each
	// probe's source says which one did.
	Timing string `json:"timing"`
	// Rung is what takes the stamps, in a few words.
	Rung string `json:"timed_by,omitempty"`
	// Notes say why samples are not timed nearer to the wire.
	Notes []string `json:"notes,omitempty"`
	// StartedAt is the wall clock at the first probe, in UTC (RFC 3339).
	StartedAt  string   `json:"started_at"`
	Elapsed    int64    `json:"elapsed_ns"`
	Reached    bool     `json:"reached"`
	StopReason string   `json:"stop_reason"` // a tracer.StopReason
	Error      string   `json:"error,omitempty"`
	Counters   counters `json:"counters"`
	Hops       []hop    `json:"hops"` // in order of TTL, none for an empty trace
	boxes
	pathJSON
	lossJSON
}

// counters is all that was counted, zeros included.
type counters struct {
	tracer.Counters
	tracer.Tally
}

// jsonWriter collects nothing: the trace holds it all at the end.
type jsonWriter struct {
	w      io.Writer
	header Header
}

func newJSON(w io.Writer) Writer { return &jsonWriter{w: w} }

func (j *jsonWriter) Start(h Header) error {
	j.header = h
	return nil
}

func (j *jsonWriter) Hop(tracer.Hop) error { return nil }

func (j *jsonWriter) End(t *tracer.Trace, err error) error {
	return writeIndented(j.w, newDocument(j.header, t, err), "  ")
}

// newDocument describes the trace; a nil one as failed before it began.
func newDocument(h Header, t *tracer.Trace, err error) document {
	if t == nil {
		t = &tracer.Trace{Stop: tracer.StopFailed}
	}
	d := document{
		Schema: Schema,
		Target: Safe(h.Target), Address: Plain(h.Address).String(),
		Source: Plain(h.Source).String(), Interface: Safe(h.Interface),
		Protocol: h.Protocol, Port: h.Port, MaxTTL: h.MaxTTL, Size: h.Size,
		Timing: Safe(h.Timing), Rung: Safe(h.Rung), Notes: h.Notes, StartedAt: wall(started(h, t)), Elapsed: t.Elapsed.Nanoseconds(),
		Reached: t.Reached(), StopReason: t.Stop.String(), Error: message(err),
		Counters: counters{t.Counters, t.Tally},
		Hops:     newHops(h, t.Hops),
	}
	d.analyze(h, t)
	return d
}

func started(h Header, t *tracer.Trace) time.Time {
	if t.Started.IsZero() {
		return h.Started
	}
	return t.Started
}

// wall writes a time of the wall clock, or nothing for none.
func wall(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(nanoseconds)
}

// message is an error's text, empty for nil.
func message(err error) string {
	if err == nil {
		return ""
	}
	return Safe(err.Error())
}

// writeIndented writes one JSON document.
func writeIndented(w io.Writer, document any, indent string) error {
	text, err := json.MarshalIndent(document, "", indent)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
