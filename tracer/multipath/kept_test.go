package multipath

import (
	"bytes"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// copier keeps what is sent.
type copier struct {
	*sim.Link
	packets [][]byte
}

func (c *copier) Send(packet []byte) (stamp.Mono, error) {
	c.packets = append(c.packets, bytes.Clone(packet))
	return c.Link.Send(packet)
}

// What a Result tells of its probes is what was sent, and what its nodes were reckoned
// from: a file that keeps the one can do without the other.
func TestProbesTellAll(t *testing.T) {
	for i, name := range sim.MultipathNames() {
		way := ways()[i%len(ways())]
		t.Run(name+" "+way.String(), func(t *testing.T) {
			inBubble(t, func(t *testing.T) { probesTellAll(t, load(t, name), way) })
		})
	}
}

func probesTellAll(t *testing.T, s *sim.Scenario, w way) {
	cfg := Config{Flow: flowOf(s, w), Protocol: w.protocol, FirstIdent: 1, Destinations: 20}.WithDefaults()
	link := &copier{Link: sim.NewLink(sim.New(s, 1), sim.LinkOptions{
		Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort, SourcePorts: cfg.MaxFlows,
	})}
	r, err := Run(t.Context(), cfg, link, link)
	if err != nil || len(r.Probes) != len(link.packets) || len(r.At) != len(r.Probes) || len(r.Paths) != r.Flows {
		t.Fatalf("%d probes at %d of %d packets, %d paths of %d, %v", len(r.Probes), len(r.At), len(link.packets), len(r.Paths), r.Flows, err)
	}
	times, answered := make([]stats.Distribution, len(r.Nodes)), make([]int, len(r.Nodes))
	for i, p := range r.Probes {
		if packet, err := r.Packet(p); err != nil || !bytes.Equal(packet, link.packets[i]) {
			t.Fatalf("probe %d of flow %d: % x, want % x, %v", i, p.Flow, packet, link.packets[i], err)
		}
		if at := r.At[i]; at >= 0 {
			answered[at]++
			times[at].Add(p.RTT)
		}
	}
	for i, n := range r.Nodes {
		got, want := times[i].Summary(), n.RTT.Summary()
		if got != want || answered[i] != n.Answered {
			t.Errorf("node %d: %d answers, %+v, want %d, %+v", i, answered[i], got, n.Answered, want)
		}
	}
}

// A Result that no run returned has no packets, and says so.
func TestPacketOfNothing(t *testing.T) {
	r := &Result{}
	if packet, err := r.Packet(tracer.Probe{TTL: 1, Ident: 1}); err == nil {
		t.Errorf("% x", packet)
	}
	r.Protocol, r.Flow = "udp", probe.Flow{Source: simtest.Client[false], Target: simtest.Client[false], SourcePort: 1, TargetPort: 2}
	if packet, err := r.Packet(tracer.Probe{TTL: 1, Ident: 1, Flow: -300}); err == nil {
		t.Errorf("% x", packet)
	}
}
