package paths_test

import (
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/paths"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// seeds is the number of traces of each scenario. Of 200 without a change, 10 may be
// told as changed in the mean; more than 20 would be chance once in a thousand times.
const seeds = 200

// A change is told as one, at its hop, and what is none is not.
func TestChanges(t *testing.T) {
	for _, name := range []string{"change_once", "change_turns", "loss_mixed"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkChanges(t, name) })
		})
	}
}

func checkChanges(t *testing.T, name string) {
	wrong := 0
	for seed := range uint64(seeds) {
		s := simtest.Load(t, name)
		if !agrees(s.Truth.RouteChanges, paths.Compare(trace(t, s, seed, 20))) {
			wrong++
		}
	}
	t.Logf("%d wrong", wrong)
	if wrong > 2*seeds*paths.Alpha {
		t.Errorf("%d of %d wrong", wrong, seeds)
	}
}

func trace(t *testing.T, s *sim.Scenario, seed uint64, queries int) []tracer.Hop {
	t.Helper()
	flow := simtest.Flow(s, probe.UDP{}, false)
	link := simtest.Link(s, seed, flow)
	tr, err := tracer.Run(t.Context(), tracer.Config{Flow: flow, Queries: queries}, link, link)
	if err != nil {
		t.Fatal(err)
	}
	return tr.Hops
}

func agrees(truth []int, r paths.Report) bool {
	if len(truth) != len(r.Changes) {
		return false
	}
	for i, c := range r.Changes {
		if c.Hops[0] != truth[i] {
			return false
		}
	}
	return true
}
