package flight_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/flight"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// What becomes of one probe, by what comes back; a second one keeps the run going.
func TestStates(t *testing.T) {
	const rtt = 10 * time.Millisecond
	tests := []struct {
		name    string
		answers func(l *line, ident uint16) []due
		want    []flight.State
		tally   flight.Tally // with both probes sent
	}{
		{"answered", func(l *line, id uint16) []due { return []due{l.after(rtt, id)} },
			[]flight.State{flight.Sent, flight.Answered}, flight.Tally{}},
		{"lost", func(*line, uint16) []due { return nil },
			[]flight.State{flight.Sent, flight.Lost}, flight.Tally{Lost: 1}},
		{"late", func(l *line, id uint16) []due { return []due{l.after(patience+rtt, id)} },
			[]flight.State{flight.Sent, flight.Lost, flight.Late}, flight.Tally{Late: 1}},
		{"stamped in time, read late", func(l *line, id uint16) []due {
			d := l.after(rtt, id)
			d.at = d.at.Add(patience)
			return []due{d}
		}, []flight.State{flight.Sent, flight.Lost, flight.Answered}, flight.Tally{}},
		{"twice", func(l *line, id uint16) []due { return []due{l.after(rtt, id), l.after(rtt, id)} },
			[]flight.State{flight.Sent, flight.Answered, flight.Duplicate}, flight.Tally{Duplicates: 1}},
		{"before it was sent", func(l *line, id uint16) []due {
			d := l.after(rtt, id)
			d.Stamps[stamp.TCXIngress] = d.Stamps[stamp.TCXEgress] - 1
			return []due{d}
		}, []flight.State{flight.Sent, flight.Lost}, flight.Tally{Lost: 1, Impossible: 1}},
		{"somebody else's", func(l *line, id uint16) []due { return []due{l.after(rtt, id+5000)} },
			[]flight.State{flight.Sent, flight.Lost}, flight.Tally{Lost: 1, Stray: 1}},
		{"cut short", func(l *line, id uint16) []due {
			d := l.after(rtt, id)
			d.Packet = d.Packet[:10]
			return []due{d}
		}, []flight.State{flight.Sent, flight.Lost}, flight.Tally{Lost: 1, Unparsed: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLine(t)
			synctest.Test(t, func(t *testing.T) {
				l.answers = func(n int, ident uint16) []due {
					if n == 2 {
						return []due{l.after(patience-time.Millisecond, ident)}
					}
					return tt.answers(l, ident)
				}
				p := newPlan(l, 2, flight.Config{Window: 2, Pace: 50 * time.Millisecond})
				if interrupted, err := p.engine.Run(t.Context()); interrupted || err != nil {
					t.Fatal(interrupted, err)
				}
				if !slices.Equal(p.states[1], tt.want) {
					t.Errorf("%v, want %v", p.states[1], tt.want)
				}
				tt.tally.Sent = 2
				if got := p.engine.Tally(); got != tt.tally {
					t.Errorf("%+v, want %+v", got, tt.tally)
				}
			})
		})
	}
}

// No more probes are in flight than the window has room for, and a lost one makes room
// as an answered one does.
func TestWindow(t *testing.T) {
	if p, l := paced(t, 4); len(l.sent) != 20 || p.most != 4 {
		t.Errorf("%d sent, %d at a time; want 20, 4", len(l.sent), p.most)
	}
}

// No two probes leave closer than the pace, also when an answer comes in between.
func TestPace(t *testing.T) {
	_, l := paced(t, 20)
	for i, at := range l.sent[1:] {
		if gap := at.Sub(l.sent[i]); gap != 5*time.Millisecond {
			t.Errorf("probe %d left after %v", i+2, gap)
		}
	}
}

// paced sends 20 probes, 5 ms apart, of which each third is lost.
func paced(t *testing.T, window int) (p *plan, l *line) {
	t.Helper()
	l = newLine(t)
	synctest.Test(t, func(t *testing.T) {
		l.answers = func(n int, ident uint16) []due {
			if n%3 == 0 {
				return nil
			}
			return []due{l.after(32*time.Millisecond, ident)}
		}
		p = newPlan(l, 20, flight.Config{Window: window, Pace: 5 * time.Millisecond})
		if _, err := p.engine.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	return p, l
}

// An answer that names no probe, while several are in flight, has them sent one by one
// from then on; while one is alone in flight, it is that one's.
func TestUnidentified(t *testing.T) {
	l := newLine(t)
	synctest.Test(t, func(t *testing.T) {
		l.answers = func(_ int, ident uint16) []due {
			d := l.after(30*time.Millisecond, ident)
			d.Unidentified = true
			return []due{d}
		}
		p := newPlan(l, 6, flight.Config{Window: 3, Pace: time.Millisecond})
		if _, err := p.engine.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, states := range p.states {
			last := states[len(states)-1]
			if n <= 3 && last != flight.Lost || n > 3 && last != flight.Answered {
				t.Errorf("probe %d: %v; want the first three lost, the others answered", n, states)
			}
		}
		if !p.engine.Serial() || p.engine.Tally().Unidentified != 3 {
			t.Errorf("serial %v, %+v", p.engine.Serial(), p.engine.Tally())
		}
	})
}

// Of several probes that such an answer may have been for, the last one in flight is
// still not known to be the one.
func TestUnidentifiedBefore(t *testing.T) {
	l := newLine(t)
	synctest.Test(t, func(t *testing.T) {
		l.answers = func(n int, ident uint16) []due {
			nameless := l.after(30*time.Millisecond*time.Duration(n), ident)
			nameless.Unidentified = true
			if n == 2 {
				return []due{nameless}
			}
			return []due{nameless, l.after(40*time.Millisecond, ident)}
		}
		p := newPlan(l, 2, flight.Config{Window: 2, Pace: time.Millisecond})
		if _, err := p.engine.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if last := p.states[2][len(p.states[2])-1]; last != flight.Lost || p.engine.Tally().Unidentified != 2 {
			t.Errorf("the second is %v, %+v", last, p.engine.Tally())
		}
	})
}

// Refusals are put up with until there are three in a row, and answers to what never
// left are strangers'.
func TestRefusals(t *testing.T) {
	l := newLine(t)
	synctest.Test(t, func(t *testing.T) {
		l.refuse = func(n int) bool { return n == 2 || n == 3 || n >= 5 }
		l.answers = func(n int, ident uint16) []due {
			return []due{l.after(time.Millisecond, ident), l.after(7*time.Millisecond, ident+1)} // the next one's too
		}
		p := newPlan(l, 20, flight.Config{Window: 4, Pace: 5 * time.Millisecond})
		_, err := p.engine.Run(t.Context())
		if !errors.Is(err, errRefused) || !strings.HasPrefix(err.Error(), "sending probes: ") {
			t.Fatal(err)
		}
		if c := p.engine.Tally(); len(l.sent) != 7 || c.Sent != 2 || c.NotSent != 5 || c.Stray != 2 {
			t.Errorf("%d tried, %+v", len(l.sent), c)
		}
	})
}

// The context ends a run within a moment; another may follow, and goes on with the
// identifiers and the probes that are there.
func TestInterruptedAndResumed(t *testing.T) {
	l := newLine(t)
	synctest.Test(t, func(t *testing.T) {
		l.answers = func(_ int, ident uint16) []due { return []due{l.after(70*time.Millisecond, ident)} }
		p := newPlan(l, 1, flight.Config{Window: 1, Pace: time.Millisecond})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		began := time.Now()
		if interrupted, err := p.engine.Run(ctx); !interrupted || err != nil || time.Since(began) > 40*time.Millisecond {
			t.Fatalf("interrupted %v after %v, error %v", interrupted, time.Since(began), err)
		}
		p.probes = 3
		if interrupted, err := p.engine.Run(t.Context()); interrupted || err != nil {
			t.Fatal(interrupted, err)
		}
		if c := p.engine.Tally(); c != (flight.Tally{Sent: 3}) || p.engine.NextIdent() != 103 {
			t.Errorf("%+v, identifier %d is next", c, p.engine.NextIdent())
		}
	})
}
