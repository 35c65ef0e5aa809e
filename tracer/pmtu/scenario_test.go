package pmtu

import (
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// TestScenarios holds what was found against the truth in each scenario's file: those
// about the path MTU, and all others of one path, where nothing drops.
func TestScenarios(t *testing.T) {
	for _, name := range slices.Concat(sim.Names(), sim.MTUNames()) {
		t.Run(name, func(t *testing.T) {
			everyWay(t, func(t *testing.T, w way) {
				s := simtest.Load(t, name)
				if !s.Truth.Holds(w.protocol.Name()) {
					return // the file says nothing about it
				}
				r, link := discover(t, s, w, 1, Config{})
				check(t, s, r)
				checkBooks(t, r, link)
			})
		})
	}
}

// check holds a result against the scenario's truth.
func check(t *testing.T, s *sim.Scenario, r *Result) {
	t.Helper()
	if got, want := truths(r), told(s); !slices.Equal(got, want) {
		t.Errorf("drops %+v, want %+v", got, want)
	}
	if r.Reached() != s.Truth.Reached {
		t.Errorf("stopped with %v, want reached %v", r.Stop, s.Truth.Reached)
	}
	size, drops := r.Interface, r.Drops
	for _, h := range r.Hops {
		for len(drops) > 0 && drops[0].After < h.TTL {
			size, drops = drops[0].MTU, drops[1:]
		}
		if h.MTU != 0 && h.MTU != size {
			t.Errorf("hop %d: MTU %d, want %d", h.TTL, h.MTU, size)
		}
		heard := len(s.Addresses(h.TTL, r.Target.Is6())) > 0
		if heard != (h.MTU > 0) {
			t.Errorf("hop %d: MTU %d, answers %v", h.TTL, h.MTU, heard)
		}
	}
	if r.Reached() && r.PathMTU != size {
		t.Errorf("path MTU %d, want %d", r.PathMTU, size)
	}
	for _, d := range r.Drops {
		checkEvidence(t, d)
	}
}

// checkEvidence holds a drop to what it claims to rest on.
func checkEvidence(t *testing.T, d Drop) {
	t.Helper()
	e := d.Evidence
	switch {
	case !d.Exact():
		t.Errorf("%d passes, %d fails: not exact", d.MTU, d.Fails)
	case d.Behind > 0 && e.Passed == 0:
		t.Errorf("%+v: nothing passed", d)
	case d.Message != nil && e.Refused == 0, d.Message == nil && e.Vanished < enough:
		t.Errorf("%+v: too little evidence", d)
	}
}

// checkBooks holds a run to its budget, and its counts against the network's.
func checkBooks(t *testing.T, r *Result, link *sim.Link) {
	t.Helper()
	if got := link.Network().Packets; int(got) != r.Sent || r.Search >= r.Sent {
		t.Errorf("%d probes, %d to search, but %d came through", r.Sent, r.Search, got)
	}
	if r.Elapsed > 15*time.Second && len(r.Drops) > 0 {
		t.Logf("took %v and %d probes", r.Elapsed, r.Sent)
	}
}

// Where packets get lost at random too, runs find the same, all but one in twenty.
func TestLoss(t *testing.T) {
	s := simtest.Load(t, "mtu_hole_lossy")
	everyWay(t, func(t *testing.T, w way) {
		wrong := 0
		for seed := range uint64(20) {
			r, _ := discover(t, s, w, seed, Config{})
			if !slices.Equal(truths(r), told(s)) || r.PathMTU != 1380 {
				t.Logf("seed %d: %+v, path MTU %d to %v", seed, truths(r), r.PathMTU, r.Stop)
				wrong++
			}
		}
		if wrong > 1 {
			t.Errorf("%d of 20 runs went wrong", wrong)
		}
	})
}
