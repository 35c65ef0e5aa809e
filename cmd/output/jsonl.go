package output

import (
	"encoding/json"
	"io"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// jsonLines writes a JSON document a line, each with its type: the trace at first,
// every probe as soon as it is known what became of it (and once more if that changes,
// by a late or a further answer), every hop when it is complete, and the end.
type jsonLines struct {
	e      *json.Encoder
	header Header
	shown  map[int]bool // by TTL
}

type startLine struct {
	Type string `json:"type"` // trace
	document
	Hops     omitted `json:"hops,omitzero"` // what is not known yet
	Counters omitted `json:"counters,omitzero"`
	Elapsed  omitted `json:"elapsed_ns,omitzero"`
	Reached  omitted `json:"reached,omitzero"`
	Stop     omitted `json:"stop_reason,omitzero"`
}

// omitted hides a field of an embedded struct.
type omitted struct{}

type probeLine struct {
	Type string `json:"type"` // probe
	probeJSON
}

type hopLine struct {
	Type string `json:"type"` // hop
	hop
}

type endLine struct {
	Type string `json:"type"` // end
	document
	Hops omitted `json:"hops,omitzero"` // have their own lines
}

func newJSONLines(w io.Writer) Writer {
	return &jsonLines{e: json.NewEncoder(w), shown: make(map[int]bool)}
}

func (j *jsonLines) Start(h Header) error {
	j.header = h
	return j.e.Encode(startLine{Type: "trace", document: newDocument(h, nil, nil)})
}

// Probe implements [Prober].
func (j *jsonLines) Probe(p tracer.Probe) error {
	return j.e.Encode(probeLine{"probe", newProbe(j.header, p)})
}

func (j *jsonLines) Hop(h tracer.Hop) error {
	j.shown[h.TTL] = true
	return j.e.Encode(hopLine{"hop", newHops(j.header, []tracer.Hop{h})[0]})
}

func (j *jsonLines) End(t *tracer.Trace, err error) error {
	for _, h := range hopsLeft(t, j.shown) {
		if err := j.Hop(h); err != nil {
			return err
		}
	}
	return j.e.Encode(endLine{Type: "end", document: newDocument(j.header, t, err)})
}
