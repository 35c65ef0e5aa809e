package record_test

import (
	"bytes"
	"errors"
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// seeds are recordings as small as they can be: of one probe that was answered, and
// of one that was refused.
var seeds = [][]byte{seed(tracer.Answered), seed(tracer.NotSent), roundsSeed()}

// roundsSeed is a recording of a round that was answered, by one of two ways.
func roundsSeed() []byte {
	t, p := seedTrace(tracer.Answered)
	var file bytes.Buffer
	ways := []output.Header{{Protocol: "icmp"}, {Target: "a", Address: t.Target, Source: t.Source, Protocol: "udp"}}
	s := record.NewStream(&file, "v1", time.Second, ways)
	s.Source(one{tracer.Answer{Ident: 7, Packet: reply(t, p), Length: 56}}).Next(time.Time{})
	s.Probe(p)
	if err := errors.Join(s.Round(1, t), s.End([]*rounds.Record{{}, {}}, true, nil)); err != nil {
		panic(err)
	}
	return file.Bytes()
}

var seedFlow = probe.Flow{
	Source: netip.MustParseAddr("192.0.2.10"), Target: netip.MustParseAddr("198.51.100.7"),
	SourcePort: 45000, TargetPort: 33434, Secret: 1,
}

// seedTrace is a trace of one probe.
func seedTrace(state tracer.State) (*tracer.Trace, tracer.Probe) {
	f := seedFlow
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	t := &tracer.Trace{Source: f.Source, Target: f.Target, Protocol: "udp", Flow: f, Started: began, Stop: tracer.StopGap}
	p := tracer.Probe{TTL: 1, Ident: 7, SentAt: began, State: state, Err: error(nil)}
	if state.Heard() {
		p.Stamps = stamp.Set{stamp.UserSend: 100, stamp.UserReceive: 900}
		p.RTT, p.Timing, _ = p.Stamps.RTT()
	}
	t.Hops = []tracer.Hop{{TTL: 1, Probes: []tracer.Probe{p}}}
	return t, p
}

func seed(state tracer.State) []byte {
	f := seedFlow
	t, p := seedTrace(state)
	r := record.New()
	source := r.Source(one{tracer.Answer{Ident: 7, Packet: reply(t, p), Length: 56}})
	source.Next(time.Time{})
	r.Probe(p)
	var file bytes.Buffer
	h := output.Header{Target: "a", Address: f.Target, Source: f.Source, Interface: "e", Protocol: "udp", MaxTTL: 2, Timing: "user"}
	if err := r.Write(&file, "v1", h, t, nil); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// reply is a time exceeded of a router.
func reply(t *tracer.Trace, p tracer.Probe) []byte {
	sent, err := t.Packet(p)
	if err != nil {
		panic(err)
	}
	head := []byte{0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 192, 0, 2, 1, 192, 0, 2, 10, 11, 0, 0, 0, 0, 0, 0, 0}
	return append(head, sent[:28]...)
}

// one is a source of one answer, again and again.
type one struct{ tracer.Answer }

func (o one) Next(time.Time) (tracer.Answer, error)    { return o.Answer, nil }
func (o one) Counters() (c tracer.Counters, err error) { return c, nil }
