package replypath_test

import (
	"cmp"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/replypath"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// The way back of each answer is as long as the scenario says, by default as the
// way there, and marked where it is not.
func TestScenarios(t *testing.T) {
	for _, name := range []string{"clean", "silent_hop", "long_way_back"} {
		for _, p := range probe.Protocols {
			t.Run(name+" "+p.Name(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := simtest.Load(t, name)
					for _, h := range run(t, s, p).Hops {
						checkHop(t, s, h)
					}
				})
			})
		}
	}
}

func run(t *testing.T, s *sim.Scenario, p probe.Protocol) *tracer.Trace {
	t.Helper()
	f := simtest.Flow(s, p, false)
	net := simtest.Link(s, 1, f)
	got, err := tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: p}, net, net)
	if err != nil || len(got.Hops) != len(s.Truth.Hops) {
		t.Fatalf("%d hops, %v", len(got.Hops), err)
	}
	return got
}

func checkHop(t *testing.T, s *sim.Scenario, h tracer.Hop) {
	t.Helper()
	told := s.Truth.Hops[h.TTL-1].Back
	want := cmp.Or(told, h.TTL)
	for _, p := range h.Probes {
		if !p.State.Heard() {
			continue
		}
		if got := replypath.Infer(p.Answer.TTL, h.TTL); got.Hops != want || got.Asymmetric != (told != 0) {
			t.Errorf("hop %d: %+v from a reply TTL of %d, want %d hops", h.TTL, got, p.Answer.TTL, want)
		}
	}
}
