package diff

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

// Trace is what is compared of a trace: the part of its JSON document that has to do
// with the path. See cmd/output/schema.json for the fields.
type Trace struct {
	Schema     string `json:"schema"`
	Type       string `json:"type"` // of a line of a stream, else empty
	Target     string `json:"target"`
	Address    string `json:"address"`
	Source     string `json:"source"`
	Protocol   string `json:"protocol"`
	Port       uint16 `json:"port"`
	Timing     string `json:"timing"`
	StartedAt  string `json:"started_at"`
	Reached    bool   `json:"reached"`
	StopReason string `json:"stop_reason"`
	Hops       []Hop  `json:"hops"`
	// Rewrites are what boxes on the way changed of the probes.
	Rewrites []Rewrite `json:"changes"`
}

// Hop is a hop of a [Trace].
type Hop struct {
	TTL    int     `json:"ttl"`
	Probes []Probe `json:"probes"`
}

// Probe is a probe of a [Hop].
type Probe struct {
	Status string     `json:"status"`
	From   netip.Addr `json:"from"`
	Name   string     `json:"name"`
	RTT    *int64     `json:"rtt_ns"`
}

// maxDocument bounds what is read of a JSON document, in bytes, and maxHops the hops.
const (
	maxDocument = 256 << 20
	maxHops     = 255
)

var (
	errForeign = errors.New("is neither a recording of --save nor a document of --json")
	errCut     = errors.New("is cut short: the JSON document has no end")
	errStream  = errors.New("is a stream of --format jsonl: only a document of --json or a recording can be compared")
	errSeveral = errors.New("has several documents: give one, as jq -s '.[0]' takes it out")
)

// Load reads a recording, or a JSON document of a trace. Errors say what is wrong with
// the file, to be put behind its name.
func Load(r io.Reader) (*Trace, error) {
	t, ways, err := LoadAny(r)
	if ways != nil && err == nil {
		return nil, record.ErrSearch
	}
	return t, err
}

// recording takes the way of its JSON document too, so that both say the same; however
// long that is, for a file of rounds has its own bound.
func recording(r *record.Recording) (*Trace, error) {
	f, err := output.ByName("json")
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := r.Play(f.New(&text)); err != nil {
		return nil, err
	}
	return document(&text)
}

func document(r io.Reader) (*Trace, error) {
	t := &Trace{}
	d := json.NewDecoder(r)
	switch err := d.Decode(t); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errCut
	case err != nil && t.Schema != output.Schema:
		return nil, errForeign
	case err != nil:
		return nil, fmt.Errorf("is damaged: %s", output.Safe(err.Error()))
	}
	if t.Schema != output.Schema {
		return nil, fmt.Errorf("has the schema %q: only %s can be compared", output.Safe(t.Schema), output.Schema)
	}
	if len(t.Hops) > maxHops {
		return nil, fmt.Errorf("is damaged: it has %d hops, and TTLs end at %d", len(t.Hops), maxHops)
	}
	if err := alone(t, d); err != nil {
		return nil, err
	}
	t.plain()
	return t, nil
}

// alone finds that a document is only the first part of what there is: to compare it
// alone would be to lose the rest.
func alone(t *Trace, d *json.Decoder) error {
	switch {
	case t.Type != "":
		return errStream
	case d.More():
		return errSeveral
	}
	return nil
}

// plain takes zones out of addresses: they are names, and of this host.
func (t *Trace) plain() {
	for _, h := range t.Hops {
		for i := range h.Probes {
			if p := &h.Probes[i]; p.From.IsValid() {
				p.From = output.Plain(p.From)
			}
		}
	}
}
