package tracer_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// states counts a trace's probes by state.
func states(tr *tracer.Trace) map[tracer.State]int {
	n := map[tracer.State]int{}
	for _, hop := range tr.Hops {
		for _, p := range hop.Probes {
			n[p.State]++
		}
	}
	return n
}

func slowest(tr *tracer.Trace) time.Duration {
	var most time.Duration
	for _, hop := range tr.Hops {
		for _, p := range hop.Probes {
			most = max(most, p.RTT)
		}
	}
	return most
}

// A path whose hops all answer takes little more than its slowest round-trip
// time for each query; what is silent costs about a second more.
func TestElapsed(t *testing.T) {
	tests := []struct {
		scenario string
		extra    time.Duration
	}{
		{"clean", 10 * time.Millisecond},
		{"clean_long", 30 * time.Millisecond},
		{"silent_hop", 1100 * time.Millisecond},
		{"silent_target", 1100 * time.Millisecond},
		{"all_silent", 1600 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.scenario, func(t *testing.T) {
			simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
				tr := trace(t, simtest.Load(t, tt.scenario), p, ipv6, tracer.Config{})
				if bound := 3*slowest(tr.Trace) + tt.extra; tr.Elapsed > bound {
					t.Errorf("took %v, want at most %v", tr.Elapsed, bound)
				}
			})
		})
	}
}

// Probes sent ahead of the path's end count for the target, which is so asked
// three times and no more.
func TestTargetIsAskedOnce(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		tr := trace(t, simtest.Load(t, "clean"), p, ipv6, tracer.Config{})
		target := tr.Hops[len(tr.Hops)-1]
		if len(target.Probes) != 3 {
			t.Fatalf("the target's hop has %d probes, want 3", len(target.Probes))
		}
		for i, pr := range target.Probes {
			if pr.TTL != 6+i || pr.Query != i {
				t.Errorf("probe %d: TTL %d, query %d, want the probes with TTL 6, 7, 8", i, pr.TTL, pr.Query)
			}
		}
		if shown := 6 * 3; tr.Tally.Sent != shown+tr.Tally.Beyond {
			t.Errorf("%d sent, %d beyond the end, %d shown", tr.Tally.Sent, tr.Tally.Beyond, shown)
		}
	})
}

// One probe in flight at a time leaves nothing beyond the end.
func TestWindowOfOne(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		flying, most := 0, 0
		tr := trace(t, simtest.Load(t, "clean"), p, ipv6, tracer.Config{
			Window: 1,
			OnProbe: func(pr tracer.Probe) {
				if pr.State == tracer.Sent {
					flying++
				} else {
					flying--
				}
				most = max(most, flying)
			},
		})
		if most != 1 || tr.Tally.Beyond != 0 || states(tr.Trace)[tracer.Answered] != 18 {
			t.Errorf("%d in flight, %d beyond, states %v; want 1, 0, 18 answered", most, tr.Tally.Beyond, states(tr.Trace))
		}
	})
}

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last time.Time
		trace(t, simtest.Load(t, "clean"), probe.UDP{}, false, tracer.Config{
			Pace: 5 * time.Millisecond,
			OnProbe: func(pr tracer.Probe) {
				if pr.State != tracer.Sent {
					return
				}
				if gap := pr.SentAt.Sub(last); gap < 5*time.Millisecond {
					t.Errorf("two probes within %v, want 5ms", gap)
				}
				last = pr.SentAt
			},
		})
	})
}

func TestHopsInOrder(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		next := 1
		tr := trace(t, simtest.Load(t, "lossy"), p, ipv6, tracer.Config{OnHop: func(h tracer.Hop) {
			if h.TTL != next || len(h.Probes) != 3 {
				t.Errorf("hop %d with %d probes, want %d with 3", h.TTL, len(h.Probes), next)
			}
			next++
		}})
		if len(tr.Hops) != next-1 {
			t.Errorf("%d hops reported, %d in the trace", next-1, len(tr.Hops))
		}
	})
}

// An answer after its time is late; one that was merely read late is not.
func TestLate(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		tr := trace(t, simtest.Load(t, "late"), p, ipv6, tracer.Config{})
		late := 0
		for _, pr := range tr.Hops[2].Probes {
			if pr.State == tracer.Late && pr.RTT > 500*time.Millisecond {
				late++
			}
		}
		if late == 0 || tr.Tally.Late != late {
			t.Errorf("%d late at hop 3, %d in the tally; want some, and the same", late, tr.Tally.Late)
		}
	})
}

func TestDuplicates(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		tr := trace(t, simtest.Load(t, "duplicates"), p, ipv6, tracer.Config{})
		copies := 0
		for _, hop := range tr.Hops {
			for _, pr := range hop.Probes {
				copies += pr.Duplicates
				if (pr.Duplicates > 0) != (pr.State == tracer.Duplicate) {
					t.Errorf("hop %d: %d copies in state %v", hop.TTL, pr.Duplicates, pr.State)
				}
			}
		}
		if copies == 0 {
			t.Error("no copy was noticed")
		}
	})
}

// Where the target's answers name no probe, its hop is probed again, one probe
// at a time, and no answer is put down to the wrong probe.
func TestUnidentified(t *testing.T) {
	for _, ipv6 := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			tr := trace(t, simtest.Load(t, "udp_service"), probe.UDP{}, ipv6, tracer.Config{})
			target := tr.Hops[len(tr.Hops)-1]
			want := tr.scenario.Truth.Hops[len(tr.Hops)-1].RTT.Duration
			for _, pr := range target.Probes {
				if pr.State != tracer.Answered || pr.RTT != want {
					t.Errorf("the target: %v in %v, want it answered in %v", pr.State, pr.RTT, want)
				}
			}
			if tr.Tally.Unidentified == 0 {
				t.Error("the tally holds no unidentified answer")
			}
		})
	}
}

// A context that ends for a cause of its own makes the trace fail with that cause.
func TestCause(t *testing.T) {
	broken := errors.New("interface is gone")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(100*time.Millisecond, func() { cancel(broken) })
		s := simtest.Load(t, "silent_hop")
		f := simtest.Flow(s, probe.UDP{}, false)
		net := simtest.Link(s, 1, f)
		tr, err := tracer.Run(ctx, tracer.Config{Flow: f}, net, net)
		if !errors.Is(err, broken) || tr.Stop != tracer.StopFailed || len(tr.Hops) == 0 {
			t.Errorf("stopped with %v, %v; want failed for the cause, with what was known", tr.Stop, err)
		}
	})
}

func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		s := simtest.Load(t, "silent_hop")
		f := simtest.Flow(s, probe.UDP{}, false)
		net := simtest.Link(s, 1, f)
		tr, err := tracer.Run(ctx, tracer.Config{Flow: f}, net, net)
		if err != nil || tr.Stop != tracer.StopInterrupted || tr.Elapsed > 150*time.Millisecond {
			t.Fatalf("stopped with %v after %v, %v; want interrupted", tr.Stop, tr.Elapsed, err)
		}
		if states(tr)[tracer.Answered] == 0 || states(tr)[tracer.Sent] == 0 {
			t.Errorf("states %v, want what was answered and what was in flight", states(tr))
		}
	})
}

// refusing is a sender whose every packet the kernel refuses.
type refusing struct{ err error }

func (r refusing) Send([]byte) (stamp.Mono, error) { return 0, r.err }

func TestNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simtest.Load(t, "clean")
		f := simtest.Flow(s, probe.UDP{}, false)
		refused := errors.New("operation not permitted")
		tr, err := tracer.Run(t.Context(), tracer.Config{Flow: f}, refusing{refused}, simtest.Link(s, 1, f))
		if !errors.Is(err, refused) || tr.Stop != tracer.StopFailed {
			t.Fatalf("stopped with %v, %v; want the refusal", tr.Stop, err)
		}
		if states(tr)[tracer.NotSent] != 3 || tr.Tally.Sent != 0 {
			t.Errorf("states %v, %d sent; want three refusals and no more", states(tr), tr.Tally.Sent)
		}
	})
}
