package multipath

import (
	"math"
	"testing"
)

// Before MDA-Lite takes a diamond for unmeshed, it has followed so many flows of each
// vertex of the wider hop that of meshes at half of them, none would have shown with
// no more than the probability that one vertex may fail.
func TestMeshTest(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := load(t, "diamond_4")
		for seed := range uint64(20) {
			tr := trace(t, s, ways()[seed%6], seed, Config{})
			if len(tr.Lite) != 2 || tr.Lite[0] != 3 {
				continue // this one missed a way
			}
			for i, n := range tr.Nodes {
				flows := 0
				for _, l := range tr.Links {
					if l.From == i {
						flows += len(l.Flows)
					}
				}
				// At most ten vertices and tests share 5 %; two vertices may be meshed.
				if miss := math.Pow(0.5, float64(2*(flows-1))); n.Hop == 3 && miss > 0.05/5 {
					t.Errorf("seed %d: %d flows of %v followed: misses a mesh with %.3f", seed, flows, n.Addr, miss)
				}
			}
		}
	})
}

func TestPhi(t *testing.T) {
	s := &survey{rule: newRule(1.0 / 1024)}
	for wide, want := range map[int]int{2: 11, 3: 6, 4: 6, 8: 4, 16: 3, 20: 2, 64: 2} {
		if got := s.phi(wide); got != want {
			t.Errorf("%d vertices: %d flows each, want %d", wide, got, want)
		}
	}
}

// MDA-Lite is used where it may be, and nowhere else.
func TestWhereLite(t *testing.T) {
	for name, want := range map[string]int{
		"clean": 0, "diamond_2": 1, "diamond_16": 1, "diamond_meshed": 0, "diamond_nested": 0, "diamond_open": 0,
		"diamond_narrow": 0, "diamond_at_random": 0,
	} {
		inBubble(t, func(t *testing.T) {
			for seed := range uint64(5) {
				if tr := trace(t, load(t, name), ways()[seed], seed, Config{}); len(tr.Lite) != want {
					t.Errorf("%s, seed %d: MDA-Lite at %v, want %d hops", name, seed, tr.Lite, want)
				}
				if tr := trace(t, load(t, name), ways()[seed], seed, Config{Full: true}); len(tr.Lite) != 0 {
					t.Errorf("%s, seed %d: MDA-Lite at %v, want none", name, seed, tr.Lite)
				}
			}
		})
	}
}
