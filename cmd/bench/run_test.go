package bench

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// simulated returns a simulated network, and the trace through it.
func simulated(t *testing.T, name string) (*sim.Link, tracer.Config) {
	t.Helper()
	s := simtest.Load(t, name)
	flow := simtest.Flow(s, probe.UDP{}, false)
	return simtest.Link(s, 1, flow), tracer.Config{Flow: flow}
}

// counted is a load that knows whether it is on.
type counted struct {
	on, starts int
	err        error
}

func (c *counted) Start() (func() error, error) {
	c.starts++
	c.on++
	return func() error { c.on--; return nil }, c.err
}

func (c *counted) String() string { return "busy=1" }

// Each round has a probe a hop, at its time; the trace before is not in it.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "clean")
		load, began := &counted{}, time.Now()
		var rounds []int
		r, err := Run(t.Context(), Config{
			Trace: cfg, Count: 7, Interval: 3 * time.Second, Load: load,
			OnRound: func(n int) {
				rounds = append(rounds, n)
				if load.on != 1 {
					t.Errorf("round %d without the load", n)
				}
			},
		}, link, link)
		if err != nil || r.Rounds != 7 || r.Interrupted || len(rounds) != 7 || load.on != 0 || load.starts != 1 {
			t.Fatalf("%v; %d rounds, told of %v, load on %d times", err, r.Rounds, rounds, load.on)
		}
		if took := time.Since(began); took < 18*time.Second || took > 20*time.Second {
			t.Errorf("took %v, want six intervals and a little", took)
		}
		for _, h := range r.Path.Hops() {
			if h.Sent() != 7 || h.Answered() != 7 {
				t.Errorf("hop %d: %d sent, %d answered, want 7", h.TTL, h.Sent(), h.Answered())
			}
		}
		if want := r.length * (7 + 3); r.Tally.Sent < want || r.Counters.Answers < uint64(want) {
			t.Errorf("%d sent, %d answers, want at least %d with the first trace's", r.Tally.Sent, r.Counters.Answers, want)
		}
	})
}

// Identifiers go on from round to round, so that no late answer is taken for
// that of a later round.
func TestLateAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "clean")
		seen := map[uint16]bool{}
		r, err := Run(t.Context(), Config{Trace: cfg, Count: 50, Interval: time.Millisecond},
			senderFunc(func(packet []byte) (stamp.Mono, error) { // any field that tells probes apart
				seen[uint16(packet[26])<<8|uint16(packet[27])] = true
				return link.Send(packet)
			}), link)
		if err != nil || len(seen) != r.Tally.Sent {
			t.Errorf("%v; %d probes had %d identifiers", err, r.Tally.Sent, len(seen))
		}
	})
}

type senderFunc func([]byte) (stamp.Mono, error)

func (f senderFunc) Send(packet []byte) (stamp.Mono, error) { return f(packet) }

func TestRunInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "clean")
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		load := &counted{}
		r, err := Run(ctx, Config{Trace: cfg, Count: 100, Load: load}, link, link)
		if err != nil || !r.Interrupted || r.Rounds != 3 || load.on != 0 {
			t.Errorf("%v; interrupted %v after %d rounds, want 3; load on %d times", err, r.Interrupted, r.Rounds, load.on)
		}
		if hops := r.Path.Hops(); len(hops) == 0 || hops[0].Answered() != 3 {
			t.Errorf("%d hops, want what the rounds measured", len(hops))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if r, err := Run(gone, Config{Trace: cfg}, link, link); err != nil || !r.Interrupted || r.Rounds != 0 {
			t.Errorf("%v; interrupted at once: %v after %d rounds", err, r.Interrupted, r.Rounds)
		}
	})
}

// dying is a source that fails after a number of answers.
type dying struct {
	*sim.Link
	left int
}

var errDied = errors.New("died")

func (d *dying) Next(deadline time.Time) (tracer.Answer, error) {
	if d.left == 0 {
		return tracer.Answer{}, errDied
	}
	a, err := d.Link.Next(deadline)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		d.left--
	}
	return a, err
}

// Whatever ends it, the load is taken off and what was measured is there.
func TestRunFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "clean")
		load := &counted{}
		r, err := Run(t.Context(), Config{Trace: cfg, Load: load}, link, &dying{link, 60})
		if !errors.Is(err, errDied) || r == nil || r.Rounds == 0 || load.on != 0 || load.starts != 1 {
			t.Errorf("%v; %+v", err, r)
		}
		load = &counted{err: errDied}
		if r, err := Run(t.Context(), Config{Trace: cfg, Load: load}, link, link); !errors.Is(err, errDied) || r.Rounds != 0 {
			t.Errorf("%v: a load that does not start is no load", err)
		}
		if r, err := Run(t.Context(), Config{}, link, link); r != nil || err == nil {
			t.Errorf("%v, %v of a trace that can't be run", r, err)
		}
		link, cfg = simulated(t, "all_silent")
		if _, err := Run(t.Context(), Config{Trace: cfg}, link, link); !errors.Is(err, ErrSilence) {
			t.Errorf("%v, want %v", err, ErrSilence)
		}
	})
}

// Past the last hop that answers, nothing is asked again.
func TestLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, cfg := simulated(t, "silent_target")
		r, err := Run(t.Context(), Config{Trace: cfg, Count: 2}, link, link)
		if err != nil || r.Learned != tracer.StopGap || len(r.Path.Hops()) != r.length || r.length == 0 {
			t.Fatalf("%v: stopped by %v, %d hops of %d", err, r.Learned, len(r.Path.Hops()), r.length)
		}
		if last := r.Path.Hops()[r.length-1]; last.Answered() != 2 {
			t.Errorf("the last hop answered %d times, want 2", last.Answered())
		}
	})
}
