package multipath

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// TestFlowRepeatsItsPath: a plain trace with a flow of a multipath run takes the very
// path that the run found for it.
func TestFlowRepeatsItsPath(t *testing.T) {
	for name, want := range map[string]int{"diamond_nested": 5, "diamond_open": 3} {
		for _, w := range ways() {
			t.Run(name+" "+w.String(), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					tr := trace(t, load(t, name), w, 3, Config{Full: true})
					paths := map[string]bool{}
					for n := range tr.Flows {
						paths[repeatFlow(t, tr, w, n)] = true
					}
					if len(paths) < want {
						t.Errorf("%d paths repeated, want all %d", len(paths), want)
					}
				})
			})
		}
	}
}

// short is a network with a way to the target besides the diamond's: of flows that
// are first asked for at the diamond's far end, the target's answers say little.
const short = `
entry = "a"
target = "target"
[[node]]
name = "a"
v4 = "198.18.1.1"
next = ["target", "b"]
[[node]]
name = "b"
v4 = "198.18.2.1"
next = ["c1", "c2", "c3"]
[[node]]
name = "c1"
v4 = "198.18.3.1"
next = ["d"]
[[node]]
name = "c2"
v4 = "198.18.3.2"
next = ["d"]
[[node]]
name = "c3"
v4 = "198.18.3.3"
next = ["d"]
[[node]]
name = "d"
v4 = "198.18.4.1"
next = ["target"]
[[node]]
name = "target"
v4 = "203.0.113.10"
`

func TestFlowEndsOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, parse(t, short), ways()[0], 3, Config{})
		for n := range tr.Flows {
			repeatFlow(t, tr, ways()[0], n)
		}
		for hop, want := range map[int]int{2: 2, 3: 3, 4: 1, 5: 1} {
			if got := len(tr.at(hop)); got != want {
				t.Errorf("hop %d: %d nodes, want %d", hop, got, want)
			}
		}
	})
}

// repeatFlow traces with flow n alone and compares. It returns the last interfaces
// that the path tells apart.
func repeatFlow(t *testing.T, tr traced, w way, n int) string {
	t.Helper()
	f := flowOf(tr.scenario, w).Nth(w.protocol, n)
	link := sim.NewLink(sim.New(tr.scenario, 3), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort})
	plain, err := tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: w.protocol, Queries: 1}, link, link)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range tr.Path(n) {
		node := tr.Nodes[i]
		if node.Hop == 0 {
			continue
		}
		if node.Hop > len(plain.Hops) {
			t.Errorf("flow %d ends at hop %d, the run saw it at hop %d", n, len(plain.Hops), node.Hop)
			continue
		}
		if from := plain.Hops[node.Hop-1].Probes[0].Answer.From; from != node.Addr {
			t.Errorf("flow %d, hop %d: %v, the run saw %v", n, node.Hop, from, node.Addr)
		}
	}
	return plain.Hops[min(3, len(plain.Hops)-1)].Probes[0].Answer.From.String()
}

func TestPathOfNoFlow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, load(t, "clean"), ways()[0], 1, Config{})
		if tr.Path(-1) != nil || tr.Path(tr.Flows) != nil || len(tr.Path(0)) != 7 {
			t.Errorf("paths %v, %v, %v", tr.Path(-1), tr.Path(tr.Flows), tr.Path(0))
		}
	})
}

// Round-trip times by interface and by flow are those of the scenario, to the
// nanosecond: it has no jitter.
func TestRTT(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, load(t, "diamond_4"), ways()[0], 1, Config{})
		for i, n := range tr.Nodes[1:] {
			want := wayTo(tr.scenario, n.Addr)
			flows := 0
			for _, f := range n.Flows {
				d := tr.FlowRTT(f, i+1)
				flows += int(d.Count())
				if d.Min() < want {
					t.Errorf("flow %d at %v: %v, light takes %v", f, n.Addr, d.Min(), want)
				}
			}
			if n.RTT.Min() != want || flows != int(n.RTT.Count()) {
				t.Errorf("%v: %v, want %v; %d times by flow, %d in all", n.Addr, n.RTT.Min(), want, flows, n.RTT.Count())
			}
		}
	})
}

// wayTo returns the least round-trip time to an address.
func wayTo(s *sim.Scenario, addr netip.Addr) time.Duration {
	least := map[string]time.Duration{s.Entry: 0}
	for range s.Nodes {
		for _, n := range s.Nodes {
			at, known := least[n.Name]
			for _, next := range n.Next {
				then := at + 2*n.Delay.Duration
				if old, seen := least[next]; known && (!seen || then < old) {
					least[next] = then
				}
			}
		}
	}
	i := slices.IndexFunc(s.Nodes, func(n sim.Node) bool { return n.V4 == addr || n.V6 == addr })
	return least[s.Nodes[i].Name] + 2*s.Nodes[i].Delay.Duration
}

// Runs that follow each other don't use an identifier twice, and every probe is told
// of as it is sent and as it ends.
func TestNextIdentAndHooks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		sent, ended := 0, 0
		cfg := Config{OnProbe: func(p tracer.Probe) {
			if p.State == tracer.Sent {
				sent++
			} else {
				ended++
			}
		}}
		tr := trace(t, load(t, "diamond_2"), ways()[0], 1, cfg)
		if sent != tr.Spent || ended < tr.Spent {
			t.Errorf("told of %d probes and %d ends, %d sent", sent, ended, tr.Spent)
		}
		for _, p := range tr.Probes {
			if p.Ident >= tr.NextIdent {
				t.Errorf("identifier %d was used, %d is next", p.Ident, tr.NextIdent)
			}
		}
	})
}
