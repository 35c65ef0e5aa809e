package multipath

import (
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// TestSinglePaths goes through every scenario made for traces of one flow, with all
// the bad habits of hops in there: each comes to an end by itself, and no node
// stands where its scenario has none.
func TestSinglePaths(t *testing.T) {
	for _, name := range sim.Names() {
		t.Run(name, func(t *testing.T) {
			for _, w := range ways() {
				t.Run(w.String(), func(t *testing.T) {
					inBubble(t, func(t *testing.T) { singlePath(t, load(t, name), w) })
				})
			}
		})
	}
}

func singlePath(t *testing.T, s *sim.Scenario, w way) {
	if !s.Truth.Holds(w.protocol.Name()) {
		return // the file says nothing about it
	}
	tr := trace(t, s, w, 1, Config{})
	if tr.Stop.String() != s.Truth.Stop {
		t.Errorf("stopped with %v, want %v", tr.Stop, s.Truth.Stop)
	}
	for _, n := range tr.Nodes {
		if !n.Star() && n.Hop > 0 && !slices.Contains(s.Addresses(n.Hop, w.ipv6), n.Addr) {
			t.Errorf("hop %d: %v, want one of %v", n.Hop, n.Addr, s.Addresses(n.Hop, w.ipv6))
		}
	}
	for ttl := range s.Truth.Hops {
		if all := s.Addresses(ttl+1, w.ipv6); len(all) > 0 && !slices.ContainsFunc(tr.Nodes, func(n *Node) bool {
			return n.Hop == ttl+1 && slices.Contains(all, n.Addr)
		}) && !loops(tr) {
			t.Errorf("hop %d: nothing of %v", ttl+1, all)
		}
	}
	for _, d := range tr.Doubts {
		if d.Why == NoTime || d.Why == NoProbes || d.Why == NoFlows || d.Why == FewFlows {
			t.Errorf("hop %d, %v: %v after %v and %d probes", d.Hop, d.Addr, d.Why, tr.Elapsed, tr.Spent)
		}
	}
	if t.Failed() {
		t.Logf("%+v, %v, doubts %v", tr.Tally, tr.Elapsed, tr.Doubts)
	}
}

func loops(tr traced) bool {
	return slices.ContainsFunc(tr.Doubts, func(d Doubt) bool { return d.Why == Looped })
}
