package tracer_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// tampered is a link whose answers are changed before the tracer sees them.
type tampered struct {
	*sim.Link
	change func(*tracer.Answer)
}

func (s tampered) Next(deadline time.Time) (tracer.Answer, error) {
	a, err := s.Link.Next(deadline)
	if err == nil {
		s.change(&a)
	}
	return a, err
}

// tamper traces the clean scenario; change sees every answer of the given hop.
func tamper(t *testing.T, hop int, change func(*tracer.Answer)) *tracer.Trace {
	t.Helper()
	s := simtest.Load(t, "clean")
	f := simtest.Flow(s, probe.UDP{}, false)
	net := simtest.Link(s, 1, f)
	from := s.Addresses(hop, false)[0]
	got, err := tracer.Run(t.Context(), tracer.Config{Flow: f}, net, tampered{net, func(a *tracer.Answer) {
		if m, err := wire.ParseAnswer(a.Packet); err == nil && m.From == from {
			change(a)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Whatever the tracer cannot use is counted, and its hop stays silent.
func TestUnusableAnswers(t *testing.T) {
	tests := []struct {
		name   string
		change func(*tracer.Answer)
		count  func(tracer.Tally) int
	}{
		{"stamped before its probe", func(a *tracer.Answer) { a.Stamps[stamp.TCXIngress] = a.Stamps[stamp.TCXEgress] - 1 },
			func(y tracer.Tally) int { return y.Impossible }},
		{"of a probe nobody knows", func(a *tracer.Answer) { a.Ident += 5000 },
			func(y tracer.Tally) int { return y.Stray }},
		{"cut too short", func(a *tracer.Answer) { a.Packet = a.Packet[:10] },
			func(y tracer.Tally) int { return y.Unparsed }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := tamper(t, 3, tt.change)
				if n := tt.count(tr.Tally); n != 3 {
					t.Errorf("counted %d, want 3: %+v", n, tr.Tally)
				}
				for _, p := range tr.Hops[2].Probes {
					if p.State != tracer.Lost || p.RTT != 0 {
						t.Errorf("%v in %v, want it lost", p.State, p.RTT)
					}
				}
				if !tr.Reached() {
					t.Error("the other hops must not suffer")
				}
			})
		})
	}
}

// An answer that came in time but was read late, because this process did not
// run, is answered: the stamps decide, not when the process got round to it.
func TestReadLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slept := false
		tr := tamper(t, 3, func(*tracer.Answer) {
			if !slept {
				slept = true
				time.Sleep(2 * time.Second)
			}
		})
		if n := states(tr)[tracer.Answered]; n != 18 || tr.Tally.Late != 0 {
			t.Errorf("states %v, %d late; want all 18 answered", states(tr), tr.Tally.Late)
		}
	})
}

// withholding is a link that hands on the answers of one address only after
// their probes have been given up.
type withholding struct {
	*sim.Link
	from    netip.Addr
	held    []tracer.Answer
	release time.Time
}

func (s *withholding) Next(deadline time.Time) (tracer.Answer, error) {
	if len(s.held) > 0 && time.Now().After(s.release) {
		a := s.held[0]
		s.held = s.held[1:]
		return a, nil
	}
	a, err := s.Link.Next(deadline)
	if m, perr := wire.ParseAnswer(a.Packet); err == nil && perr == nil && m.From == s.from {
		if s.held = append(s.held, a); s.release.IsZero() {
			s.release = time.Now().Add(530 * time.Millisecond)
		}
		return s.Link.Next(deadline)
	}
	return a, err
}

// A probe that was given up is answered after all if the stamps say that its
// answer had come in time.
func TestHandedOnLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simtest.Load(t, "silent_hop") // its silence keeps the trace going
		f := simtest.Flow(s, probe.UDP{}, false)
		net := simtest.Link(s, 1, f)
		source := &withholding{Link: net, from: s.Addresses(1, false)[0]}
		tr, err := tracer.Run(t.Context(), tracer.Config{Flow: f}, net, source)
		if err != nil {
			t.Fatal(err)
		}
		if source.release.IsZero() || len(source.held) == 3 {
			t.Fatal("nothing was handed on late")
		}
		if first := tr.Hops[0].Probes[0]; first.State != tracer.Answered || tr.Tally.Late != 0 {
			t.Errorf("%v in %v, %d late; want it answered", first.State, first.RTT, tr.Tally.Late)
		}
	})
}

func TestRewritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := trace(t, simtest.Load(t, "nat"), probe.UDP{}, false, tracer.Config{})
		marked := 0
		for _, hop := range tr.Hops {
			for _, p := range hop.Probes {
				if p.Rewritten {
					marked++
				}
			}
		}
		if marked == 0 || tr.Tally.Rewritten < marked {
			t.Errorf("%d probes marked, %d tallied; want some, and no more marked than tallied", marked, tr.Tally.Rewritten)
		}
	})
}

// uneven balances packets over two ways of different length.
const uneven = `
entry = "a"
target = "t"
[[node]]
name = "a"
v4 = "198.18.1.1"
next = ["t", "b"]
delay = "5ms"
balance = "packet"
[[node]]
name = "b"
v4 = "198.18.2.1"
next = ["c"]
[[node]]
name = "c"
v4 = "198.18.3.1"
next = ["t"]
[[node]]
name = "t"
delay = "5ms"
v4 = "203.0.113.1"
[truth]
reached = true
stop = "reached"
hops = [{ nodes = ["a"] }, { nodes = ["t", "b"] }]
`

// A probe with a larger TTL counts for the target's hop only if the target
// answered it; one that a router on a longer way answered does not.
func TestBeyondTargetCountsOnlyIfArrived(t *testing.T) {
	s, err := sim.Parse([]byte(uneven))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		tr := trace(t, s, probe.UDP{}, false, tracer.Config{})
		for _, p := range tr.Hops[len(tr.Hops)-1].Probes {
			if p.TTL != 2 && p.Answer.From != s.TargetAddr(false) {
				t.Errorf("a probe with TTL %d that %v answered stands at hop 2", p.TTL, p.Answer.From)
			}
		}
	})
}
