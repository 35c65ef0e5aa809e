package stats

import (
	"net/netip"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

func answered(from string, rtt time.Duration, state tracer.State) tracer.Probe {
	return tracer.Probe{
		State: state, Answer: wire.Answer{From: netip.MustParseAddr(from)},
		Stamps: stamp.Set{stamp.TCXEgress: 100, stamp.TCXIngress: 100 + stamp.Mono(rtt)},
	}
}

func silent(state tracer.State) tracer.Probe { return tracer.Probe{State: state} }

// A slow router and a fast one at the same distance are two distributions, and
// their taking turns is no jitter.
func TestAddressesApart(t *testing.T) {
	var p Path
	for range 10 {
		p.Add(tracer.Hop{TTL: 2, Probes: []tracer.Probe{
			answered("192.0.2.1", 10, tracer.Answered),
			answered("192.0.2.2", 5000, tracer.Answered),
			answered("::ffff:192.0.2.2", 5000, tracer.Answered),
		}})
	}
	hop := p.Hops()[0]
	if len(hop.Responders) != 2 || hop.Responders[0].Addr.String() != "192.0.2.2" {
		t.Fatalf("%d responders, want 2, who answered most first", len(hop.Responders))
	}
	for i, want := range []time.Duration{5000, 10} {
		r := hop.Responders[i]
		src := r.Sources.All()[0]
		jitter, ok := src.Jitter.Value()
		if src.RTT.Quantile(0.5) > want*1001/1000 || src.RTT.Min() != want || src.RTT.Max() != want || jitter != 0 || !ok {
			t.Errorf("%v: %+v, jitter %v; want %d and no jitter", r.Addr, src.RTT.Summary(), jitter, want)
		}
	}
	if n := p.Total.Sources.All()[0].RTT.Count(); n != 30 {
		t.Errorf("%d in all, want 30", n)
	}
}

// Nothing that was sent goes unmentioned.
func TestProbesCounted(t *testing.T) {
	var p Path
	twice := answered("192.0.2.1", 10, tracer.Duplicate)
	twice.Duplicates = 2
	untimed := answered("192.0.2.1", 10, tracer.Answered)
	untimed.Stamps = stamp.Set{}
	p.Add(tracer.Hop{TTL: 3, Probes: []tracer.Probe{silent(tracer.Lost)}})
	p.Add(tracer.Hop{TTL: 1, Probes: []tracer.Probe{
		silent(tracer.Lost), silent(tracer.NotSent), silent(tracer.Sent), twice, untimed,
		answered("192.0.2.1", 10, tracer.Late), answered("192.0.2.1", 10, tracer.Unreachable),
	}})
	hops := p.Hops()
	if len(hops) != 2 || hops[0].TTL != 1 || hops[1].TTL != 3 {
		t.Fatalf("%d hops, want 1 and 3", len(hops))
	}
	h := hops[0]
	if h.Sent() != 6 || h.Answered() != 4 || h.Duplicates != 2 || h.Probes[tracer.NotSent] != 1 || h.Responders[0].Answered != 4 {
		t.Errorf("sent %d, answered %d, duplicates %d, by state %v", h.Sent(), h.Answered(), h.Duplicates, h.Probes)
	}
	if n := h.Responders[0].Sources.All()[0].RTT.Count(); n != 3 {
		t.Errorf("%d timed, want 3", n)
	}
}
