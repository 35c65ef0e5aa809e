package multipath

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// seam is a link that a test can meddle with.
type seam struct {
	*sim.Link
	sent int
	// send and next stand in for the link's, unless they are nil.
	send func(l *sim.Link, n int, packet []byte) (stamp.Mono, error)
	next func(l *sim.Link, deadline time.Time) (tracer.Answer, error)
}

func (s *seam) Send(packet []byte) (stamp.Mono, error) {
	s.sent++
	if s.send == nil {
		return s.Link.Send(packet)
	}
	return s.send(s.Link, s.sent, packet)
}

func (s *seam) Next(deadline time.Time) (tracer.Answer, error) {
	if s.next == nil {
		return s.Link.Next(deadline)
	}
	return s.next(s.Link, deadline)
}

// over runs a trace of UDP over IPv4 through a scenario and a seam.
func over(t *testing.T, s *sim.Scenario, sm *seam, ctx context.Context, cfg Config) (traced, error) {
	t.Helper()
	cfg.Flow = flowOf(s, ways()[0])
	sm.Link = sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort})
	r, err := Run(ctx, cfg, sm, sm)
	return traced{r, sm.Link, s, false}, err
}

// traceChanging traces through one network and, after as many probes, another.
func traceChanging(t *testing.T, before, after *sim.Scenario, probes int) traced {
	t.Helper()
	other := sim.NewLink(sim.New(after, 1), sim.LinkOptions{Secret: 0xbeef, SourcePort: 45000})
	sm := &seam{
		send: func(l *sim.Link, n int, packet []byte) (stamp.Mono, error) {
			if n <= probes {
				return l.Send(packet)
			}
			return other.Send(packet)
		},
		next: func(l *sim.Link, deadline time.Time) (tracer.Answer, error) {
			for time.Now().Before(deadline) {
				time.Sleep(min(time.Millisecond, time.Until(deadline)))
				if a, err := l.Next(time.Now()); err == nil {
					return a, nil
				}
				if a, err := other.Next(time.Now()); err == nil {
					return a, nil
				}
			}
			return other.Next(deadline)
		},
	}
	tr, err := over(t, before, sm, t.Context(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestRefusedProbesAreSentAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		refuse := func(l *sim.Link, n int, packet []byte) (stamp.Mono, error) {
			if n%3 == 0 {
				return 0, errors.New("no buffer space")
			}
			return l.Send(packet)
		}
		tr, err := over(t, load(t, "diamond_4"), &seam{send: refuse}, t.Context(), Config{})
		if err != nil || !tr.Reached() || tr.Tally.NotSent == 0 {
			t.Fatalf("error %v, stopped with %v, tally %+v", err, tr.Stop, tr.Tally)
		}
		if lacking := missed(truth(tr.scenario, 30), tr.found(false)); len(lacking) > 0 {
			t.Errorf("lacks %v", lacking)
		}
		checkBooks(t, tr)
	})
}

func TestFailures(t *testing.T) {
	failure := errors.New("the interface is gone")
	for name, sm := range map[string]*seam{
		"sending": {send: func(l *sim.Link, n int, packet []byte) (stamp.Mono, error) {
			if n > 20 {
				return 0, failure
			}
			return l.Send(packet)
		}},
		"receiving": {next: func(l *sim.Link, deadline time.Time) (tracer.Answer, error) {
			if c, _ := l.Counters(); c.Answers > 20 {
				return tracer.Answer{}, failure
			}
			return l.Next(deadline)
		}},
	} {
		inBubble(t, func(t *testing.T) {
			tr, err := over(t, load(t, "diamond_4"), sm, t.Context(), Config{})
			if !errors.Is(err, failure) || !strings.HasPrefix(err.Error(), name) {
				t.Fatalf("%s: error %v", name, err)
			}
			if tr.Stop != tracer.StopFailed || len(tr.Nodes) < 3 || tr.Confidence >= tr.Wanted {
				t.Errorf("%s: stopped with %v, %d nodes, confidence %v", name, tr.Stop, len(tr.Nodes), tr.Confidence)
			}
		})
	}
}

func TestInterruption(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
		defer cancel()
		tr, err := over(t, load(t, "diamond_4"), &seam{}, ctx, Config{})
		if err != nil || tr.Stop != tracer.StopInterrupted || !tr.doubts(Stopped) || len(tr.Nodes) < 3 {
			t.Errorf("error %v, stopped with %v, doubts %v, %d nodes", err, tr.Stop, tr.Doubts, len(tr.Nodes))
		}
		if tr.Elapsed > 80*time.Millisecond {
			t.Errorf("took %v", tr.Elapsed)
		}
	})
}

// What comes twice, late, rewritten or from strangers is counted, and no node.
func TestTally(t *testing.T) {
	for scenario, count := range map[string]func(tr traced) int{
		"duplicates":  func(tr traced) int { return tr.Tally.Duplicates },
		"late":        func(tr traced) int { return tr.Tally.Late },
		"nat":         func(tr traced) int { return tr.Tally.Rewritten },
		"lossy":       func(tr traced) int { return tr.Tally.Retried },
		"silent_hop":  func(tr traced) int { return tr.Tally.Lost },
		"udp_service": func(tr traced) int { return tr.Tally.Unidentified },
		"per_flow":    func(tr traced) int { return tr.Tally.Repeated },
		"wrong_quote": func(tr traced) int { return int(tr.Counters.Unmatched) },
	} {
		inBubble(t, func(t *testing.T) {
			tr := trace(t, load(t, scenario), ways()[0], 1, Config{})
			if count(tr) == 0 {
				t.Errorf("%s: nothing counted: %+v, %+v", scenario, tr.Tally, tr.Counters)
			}
			checkBooks(t, tr)
		})
	}
}

// An answer before its probe is dropped, one to nothing that was sent is a stray,
// and one that is no message is counted; the probes are sent again.
func TestBadAnswers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := 0
		spoil := func(l *sim.Link, deadline time.Time) (tracer.Answer, error) {
			a, err := l.Next(deadline)
			if err != nil {
				return a, err
			}
			switch n++; n {
			case 1:
				a.Stamps[stamp.TCXIngress] = 1
			case 2:
				a.Ident = 60000
			case 3:
				a.Packet = a.Packet[:10]
			}
			return a, nil
		}
		tr, err := over(t, load(t, "clean"), &seam{next: spoil}, t.Context(), Config{FirstIdent: 1})
		if err != nil || !tr.Reached() || tr.Confidence < tr.Wanted {
			t.Fatalf("error %v, stopped with %v, confidence %v", err, tr.Stop, tr.Confidence)
		}
		if c := tr.Tally; c.Impossible != 1 || c.Stray != 1 || c.Unparsed != 1 || c.Retried != 3 {
			t.Errorf("tally %+v", c)
		}
	})
}
