package tracer_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// script is a source that says what it is told to, when it is told to.
type script struct {
	answers []timed
	err     error
	counted tracer.Counters
}

type timed struct {
	at time.Time
	tracer.Answer
}

func (s *script) Next(deadline time.Time) (tracer.Answer, error) {
	if s.err != nil {
		return tracer.Answer{}, s.err
	}
	if len(s.answers) == 0 || s.answers[0].at.After(later(deadline, time.Now())) {
		time.Sleep(time.Until(deadline))
		return tracer.Answer{}, os.ErrDeadlineExceeded
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	time.Sleep(time.Until(a.at))
	return a.Answer, nil
}

func (s *script) Counters() (tracer.Counters, error) { return s.counted, nil }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func after(d time.Duration, ident uint16, stamps stamp.Set) timed {
	return timed{time.Now().Add(d), tracer.Answer{Ident: ident, Stamps: stamps, Packet: []byte{byte(ident)}}}
}

// drain returns what a source says within a time.
func drain(t *testing.T, s tracer.Source, d time.Duration) (all []tracer.Answer) {
	t.Helper()
	for deadline := time.Now().Add(d); ; {
		a, err := s.Next(deadline)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
}

func TestMergeJoinsStamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kernel := &script{answers: []timed{after(1e6, 7, stamp.Set{stamp.TCXEgress: 10, stamp.TCXIngress: 90})}}
		user := &script{answers: []timed{after(5e6, 7, stamp.Set{stamp.TCXIngress: 1, stamp.UserReceive: 99})}}
		got := drain(t, tracer.Merge(kernel, user), 20*time.Millisecond)
		want := stamp.Set{stamp.TCXEgress: 10, stamp.TCXIngress: 90, stamp.UserReceive: 99}
		if len(got) != 1 || got[0].Stamps != want {
			t.Errorf("got %+v, want one answer with %v: the first source's stamps come first", got, want)
		}
	})
}

// Which source is named first decides whose stamp is taken, not which answers
// first.
func TestMergePrefersTheFirstSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kernel := &script{answers: []timed{after(5e6, 7, stamp.Set{stamp.Receive: 90})}}
		user := &script{answers: []timed{after(0, 7, stamp.Set{stamp.Receive: 91, stamp.UserReceive: 99})}}
		got := drain(t, tracer.Merge(kernel, user), 50*time.Millisecond)
		if want := (stamp.Set{stamp.Receive: 90, stamp.UserReceive: 99}); len(got) != 1 || got[0].Stamps != want {
			t.Errorf("got %+v, want one answer with %v", got, want)
		}
	})
}

// What one source alone saw is handed on as well, in time, and once.
func TestMergeHandsOnIncomplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kernel := &script{answers: []timed{after(0, 1, stamp.Set{stamp.TCXEgress: 10}), after(0, 2, stamp.Set{stamp.TCXEgress: 20})}}
		user := &script{answers: []timed{
			after(time.Millisecond, 2, stamp.Set{}), after(time.Millisecond, 3, stamp.Set{}),
			after(time.Second, 1, stamp.Set{stamp.UserReceive: 99}),
		}}
		merged := tracer.Merge(kernel, user)
		got := drain(t, merged, 2*time.Second)
		if len(got) != 3 || got[0].Ident != 2 || got[1].Ident != 1 || got[2].Ident != 3 {
			t.Errorf("got %+v, want 2, which both saw, then 1 and 3, each once", got)
		}
		if c, err := merged.Counters(); err != nil || c.LateStamps != 1 {
			t.Errorf("counted %+v, %v; want what the second source said of 1 counted as late", c, err)
		}
	})
}

// A copy comes behind what it copies, and only from the first source.
func TestMergeCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		copied := after(0, 7, stamp.Set{})
		copied.Duplicate = true
		kernel := &script{answers: []timed{after(0, 7, stamp.Set{}), copied}}
		user := &script{answers: []timed{after(time.Millisecond, 7, stamp.Set{}), copied}}
		got := drain(t, tracer.Merge(kernel, user), time.Second)
		if len(got) != 2 || got[0].Duplicate || !got[1].Duplicate {
			t.Errorf("got %+v, want the answer, then one copy", got)
		}
	})
}

// What a further source lost is counted too, but no packet twice.
func TestMergeCounters(t *testing.T) {
	kernel := &script{counted: tracer.Counters{Probes: 3, Answers: 3, Unmatched: 2, Overflow: 1}}
	user := &script{counted: tracer.Counters{Probes: 3, Answers: 2, Unmatched: 2, Overflow: 4, ImpossibleStamps: 5}}
	want := tracer.Counters{Probes: 3, Answers: 3, Unmatched: 2, Overflow: 5, ImpossibleStamps: 5}
	if got, err := tracer.Merge(kernel, user).Counters(); got != want || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// endless is a source that never runs out of copies of one answer.
type endless struct{ said int }

func (e *endless) Next(time.Time) (tracer.Answer, error) {
	e.said++
	return tracer.Answer{Ident: 7, Packet: []byte{7}, Duplicate: e.said > 1}, nil
}

func (e *endless) Counters() (tracer.Counters, error) { return tracer.Counters{}, nil }

// A flood of copies is handed on as it comes: what waits stays bounded, and what
// does not wait is counted.
func TestMergeHoardsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &endless{}
		merged := tracer.Merge(source, &script{})
		const taken = 10_000
		for range taken {
			if _, err := merged.Next(time.Now()); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		c, err := merged.Counters()
		if waiting := source.said - taken - int(c.Overflow); err != nil || waiting > 500 {
			t.Errorf("of %d said, %d taken and %d counted as lost, %d wait: %v", source.said, taken, c.Overflow, waiting, err)
		}
	})
}

func TestMergeFails(t *testing.T) {
	broken := errors.New("interface is gone")
	synctest.Test(t, func(t *testing.T) {
		_, err := tracer.Merge(&script{}, &script{err: broken}).Next(time.Now().Add(time.Second))
		if !errors.Is(err, broken) {
			t.Errorf("error %v, want that of the second source", err)
		}
	})
}
