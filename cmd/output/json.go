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
	documentHead
	Counters counters `json:"counters"`
	Hops     []hop    `json:"hops"` // in order of TTL, none for an empty trace
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
		documentHead: newHead(Schema, h, ended{started(h, t), t.Elapsed, t.Reached(), t.Stop, err}),
		Counters:     counters{t.Counters, t.Tally},
		Hops:         newHops(h, t.Hops),
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
