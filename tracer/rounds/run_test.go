package rounds_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// simulated returns a simulated network, and the trace through it.
func simulated(t *testing.T, name string) (*sim.Link, tracer.Config) {
	t.Helper()
	s := simtest.Load(t, name)
	flow := simtest.Flow(s, probe.UDP{}, false)
	return simtest.Link(s, 1, flow), tracer.Config{Flow: flow}
}

// record makes rounds through a simulated network.
func record(t *testing.T, name string, count int) (r rounds.Record) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, name)
		follow := rounds.Follower{Max: 30}
		interrupted, err := rounds.Run(t.Context(), rounds.Config{
			Trace: cfg, Count: count, MaxTTL: follow.MaxTTL, OnRound: r.Add,
		}, link, link)
		if err != nil || interrupted {
			t.Fatalf("%v, interrupted %v", err, interrupted)
		}
	})
	return r
}

// Each hop is probed once a round, and each probe is kept.
func TestRounds(t *testing.T) {
	r := record(t, "clean", 20)
	hops := r.Hops()
	if r.Rounds != 20 || !r.Reached || r.Length != 6 || len(hops) != 6 || r.Changed != 0 {
		t.Fatalf("%d rounds, reached %v in %d hops, %d listed, %d changes", r.Rounds, r.Reached, r.Length, len(hops), r.Changed)
	}
	for _, h := range hops {
		if h.Sent() != 20 || h.Loss() != 0 || len(h.Responders) != 1 || len(h.Recent) != 20 {
			t.Fatalf("hop %d: %d sent, loss %v, %d responders, %d kept", h.TTL, h.Sent(), h.Loss(), len(h.Responders), len(h.Recent))
		}
		timed, others := h.Responders[0].Timed()
		if timed.RTT.Count() != 20 || others != 0 || timed.Last < timed.RTT.Min() || timed.Last > timed.RTT.Max() {
			t.Errorf("hop %d: %d times, the last %v of %v to %v", h.TTL, timed.RTT.Count(), timed.Last, timed.RTT.Min(), timed.RTT.Max())
		}
	}
	trace := r.Trace()
	if last := trace.Hops[5].Probes[19]; trace.Stop != tracer.StopReached || last.Query != 19 || trace.Elapsed < 19*time.Second {
		t.Errorf("as one trace: %v, query %d, %v", trace.Stop, last.Query, trace.Elapsed)
	}
	if sent := r.Tally.Sent - r.Tally.Beyond; sent != 6*20 {
		t.Errorf("%d probes sent, want 120", sent)
	}
}

// The interrupted round's answers count, its probes in flight don't.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "silent_hop")
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var r rounds.Record
		interrupted, err := rounds.Run(ctx, rounds.Config{Trace: cfg, OnRound: r.Add}, link, link)
		if err != nil || !interrupted || r.Rounds != 0 {
			t.Fatalf("%v, interrupted %v, %d rounds", err, interrupted, r.Rounds)
		}
		hops := r.Hops()
		if len(hops) < 2 || hops[0].Sent() != 1 || hops[0].Answered() != 1 || hops[2].Sent() != 0 {
			t.Errorf("%d hops: %+v", len(hops), hops)
		}
	})
}

// The way to a silent target is shown up to the last hop that answers.
func TestUnreached(t *testing.T) {
	r := record(t, "silent_target", 3)
	hops := r.Hops()
	if r.Ever || r.Trace().Reached() || len(hops) != 5 || hops[4].Answered() != 3 {
		t.Errorf("reached %v, %d hops", r.Ever, len(hops))
	}
	if r := record(t, "all_silent", 2); len(r.Hops()) != 0 || r.Rounds != 2 {
		t.Errorf("of silence: %d hops in %d rounds", len(r.Hops()), r.Rounds)
	}
}
