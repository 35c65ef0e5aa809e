package record_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// A flood of copies is not hoarded: what is too much is counted, and the first answer to
// a probe is kept whatever came before.
func TestFlood(t *testing.T) {
	const flood, room = 120_000, 100_000
	first := tracer.Probe{TTL: 1, Ident: 7, State: tracer.Sent}
	second := tracer.Probe{TTL: 2, Ident: 8, State: tracer.Sent}
	r := record.New()
	r.Probe(first)
	r.Probe(second)
	first.State, second.State = tracer.Answered, tracer.Answered
	trace := &tracer.Trace{Protocol: "udp", Flow: seedFlow, Target: seedFlow.Target, Source: seedFlow.Source}
	packet := reply(trace, first)
	for i := range flood {
		r.Source(one{tracer.Answer{Ident: 7, Packet: packet, Duplicate: i > 0}}).Next(time.Time{})
		if i == 0 {
			r.Probe(first)
		}
	}
	r.Source(one{tracer.Answer{Ident: 8, Packet: packet}}).Next(time.Time{})
	r.Probe(second)
	trace.Hops = []tracer.Hop{{TTL: 1, Probes: []tracer.Probe{first}}, {TTL: 2, Probes: []tracer.Probe{second}}}
	var file bytes.Buffer
	if err := r.Write(&file, "v1", output.Header{Protocol: "udp"}, trace, nil); err != nil {
		t.Fatal(err)
	}
	got := read(t, file.Bytes())
	if got.LeftOut != flood-room || len(capture(t, file.Bytes())) != room+1+2 || got.LeftOut != r.LeftOut() {
		t.Errorf("left out %d answers of %d", got.LeftOut, flood)
	}
	if from := got.Trace.Hops[1].Probes[0].Answer.From.String(); from != "192.0.2.1" {
		t.Errorf("the second probe is answered by %s", from)
	}
}

// A source may use an answer's memory again. One that it cut keeps its length.
func TestAnswersAreCopied(t *testing.T) {
	p := tracer.Probe{TTL: 1, Ident: 7, State: tracer.Sent}
	r := record.New()
	r.Probe(p)
	trace := &tracer.Trace{Protocol: "udp", Flow: seedFlow, Target: seedFlow.Target, Source: seedFlow.Source}
	packet := reply(trace, p)
	r.Source(one{tracer.Answer{Ident: 7, Packet: packet, Length: 1500}}).Next(time.Time{})
	clear(packet)
	p.State = tracer.Answered
	r.Probe(p)
	trace.Hops = []tracer.Hop{{TTL: 1, Probes: []tracer.Probe{p}}}
	var file bytes.Buffer
	if err := r.Write(&file, "v1", output.Header{Protocol: "udp"}, trace, nil); err != nil {
		t.Fatal(err)
	}
	if from := read(t, file.Bytes()).Trace.Hops[0].Probes[0].Answer.From.String(); from != "192.0.2.1" {
		t.Errorf("answered by %s", from)
	}
	for _, c := range capture(t, file.Bytes()) {
		if c.in && (c.Length != 1500 || c.CaptureLength != len(packet)) {
			t.Errorf("%d bytes of %d, want %d of 1500", c.CaptureLength, c.Length, len(packet))
		}
	}
}
