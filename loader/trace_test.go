package loader

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// patience is how long to wait for what comes at once, but where everything is slow.
var patience = map[bool]time.Duration{false: 2 * time.Second, true: 20 * time.Second}[machinetest.Emulated()]

// trace is a session on the near end, and the socket whose probes it stamps.
type trace struct {
	*Session
	socket   *socket.Raw
	protocol probe.Protocol
	flow     probe.Flow
	dropped  uint64        // receive stamps, see checkPromised
	pace     time.Duration // see there
}

func (n *network) trace(t *testing.T, protocol probe.Protocol, ipv6 bool, port uint16) *trace {
	t.Helper()
	return n.traceWith(t, protocol, ipv6, Options{Port: port})
}

func (n *network) traceWith(t *testing.T, protocol probe.Protocol, ipv6 bool, o Options) *trace {
	t.Helper()
	tr := n.prepare(t, protocol, ipv6, o.Port)
	n.open(t, tr, o)
	return tr
}

// prepare opens the socket of a trace, but no session.
func (n *network) prepare(t *testing.T, protocol probe.Protocol, ipv6 bool, port uint16) *trace {
	t.Helper()
	raw, err := socket.Open(socket.Options{IPv6: ipv6, Interface: n.device})
	must(t, err)
	t.Cleanup(func() { raw.Close() })
	flow := n.v4
	if ipv6 {
		flow = flows[true]
	}
	flow.SourcePort, flow.TargetPort, flow.Secret = port, 33434, 0xbeef
	return &trace{socket: raw, protocol: protocol, flow: flow, pace: pace()}
}

// open opens the session of a trace.
func (n *network) open(t *testing.T, tr *trace, o Options) {
	t.Helper()
	var err error
	o.Interface, o.Protocol, o.Hooks = n.index, tr.protocol.Number(tr.flow.Source.Is6()), n.hooks
	o.Port, o.Secret = tr.flow.SourcePort, tr.flow.Secret
	o.Cookie, err = tr.socket.Cookie()
	must(t, err)
	tr.Session, err = Open(o)
	must(t, err)
	t.Cleanup(func() { must(t, tr.Close()) })
	if want := bestTiming(t); o.Stamps == Refined && tr.Timing().Name != want {
		t.Errorf("timing is %q, not %q: %v", tr.Timing().Name, want, tr.Fallbacks())
	}
}

// probe sends a probe, and leaves its answer to the caller.
func (tr *trace) probe(t *testing.T, ident uint16) (sent stamp.Mono) {
	t.Helper()
	packet, err := tr.protocol.Marshal(tr.flow, 9, ident)
	must(t, err)
	sent, err = tr.socket.Send(packet)
	must(t, err)
	time.Sleep(tr.pace)
	return sent
}

// send sends a probe and returns the answer to it.
func (tr *trace) send(t *testing.T, ident uint16) (tracer.Answer, stamp.Mono) {
	t.Helper()
	sent := tr.probe(t, ident)
	answer, err := tr.Next(time.Now().Add(patience))
	if err != nil {
		counters, _ := tr.Counters()
		t.Fatalf("no answer to %s probe %d from %v: %v; %+v", tr.protocol.Name(), ident, tr.flow.Source, err, counters)
	}
	tr.checkPromised(t, answer.Stamps)
	return answer, sent
}

// checkPromised checks that there are the stamps that the session promises, no
// more and no less. In an emulated machine a receive stamp may be missing: then
// checkCounters wants it counted.
func (tr *trace) checkPromised(t *testing.T, s stamp.Set) {
	t.Helper()
	promised := tr.Timing()
	if driver := s[stamp.DriverStart] != 0; driver != (promised.Send == stamp.DriverStart) {
		t.Errorf("promised %s, got stamps %v", promised.Name, s)
	}
	switch receive := s[stamp.Receive] != 0; {
	case receive == (promised.Receive == stamp.Receive):
	case !receive && machinetest.Emulated():
		tr.dropped++
	default:
		t.Errorf("promised %s, got stamps %v", promised.Name, s)
	}
}

// checkStamps checks that the stamps are in order, those that there are.
func checkStamps(t *testing.T, name string, before stamp.Mono, s stamp.Set) {
	t.Helper()
	after, err := socket.Now()
	must(t, err)
	s[stamp.UserSend], s[stamp.UserReceive] = before, after
	spans := s.Spans()
	if s[stamp.TCXEgress] == 0 || s[stamp.TCXIngress] == 0 {
		t.Fatalf("%s: stamps %v", name, s)
	}
	for _, span := range spans {
		if span.Time <= 0 {
			t.Fatalf("%s: stamps %v are out of order: %+v", name, s, span)
		}
	}
}

func checkCounters(t *testing.T, tr *trace, want tracer.Counters) {
	t.Helper()
	want.ImpossibleStamps += tr.dropped
	got, err := tr.Counters()
	must(t, err)
	if got != want {
		t.Errorf("counters are %+v, want %+v", got, want)
	}
}
