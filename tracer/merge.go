package tracer

import (
	"errors"
	"os"
	"slices"
	"time"
)

const (
	// mergeHold is how long an answer waits for the stamps of the other
	// sources: longer than a process under a tight CPU quota is held up.
	mergeHold = 250 * time.Millisecond
	// mergePoll is how long one source is waited for while the others may
	// have something.
	mergePoll = time.Millisecond
	// mergeBatch is the most that is taken in from one source at a time, and
	// the most copies that wait for one answer, lest a flood be hoarded.
	mergeBatch = 64
	// mergeForget is when an identifier may stand for another probe: what a
	// source still says of the last one comes sooner.
	mergeForget = 5 * time.Second
)

// merge is several sources of one run, seen as one.
type merge struct {
	sources []Source
	held    []*held              // oldest first
	given   map[uint16]time.Time // when an answer was handed on
	ready   []Answer
	tardy   uint64 // answers seen by a further source after that
	crowded uint64 // copies that found too many others waiting
}

// Merge returns a Source that looks at the same probes and answers through
// several: each sample holds the stamps of all that saw it; where two have one
// of the same point, that of the source named first. An answer that not all have seen is handed on after a
// quarter of a second with the stamps there are, which delays the result, but not
// the stamps. Counters are those of the first source, since all look at the same
// packets, and what the others lost.
//
// Next has to be called from one goroutine.
func Merge(sources ...Source) Source {
	if len(sources) == 1 {
		return sources[0]
	}
	return &merge{sources: sources, given: map[uint16]time.Time{}}
}

// Counters implements Source.
func (m *merge) Counters() (Counters, error) {
	sum, err := m.sources[0].Counters()
	if err != nil {
		return Counters{}, err
	}
	for _, s := range m.sources[1:] {
		more, err := s.Counters()
		if err != nil {
			return Counters{}, err
		}
		sum.Overflow += more.Overflow
		sum.ImpossibleStamps += more.ImpossibleStamps
	}
	sum.LateStamps += m.tardy
	sum.Overflow += m.crowded
	return sum, nil
}

// Next implements Source.
func (m *merge) Next(deadline time.Time) (Answer, error) {
	for {
		if a, ok := m.take(time.Now()); ok {
			return a, nil
		}
		if err := m.collect(deadline); err != nil {
			return Answer{}, err
		}
		if a, ok := m.take(time.Now()); ok {
			return a, nil
		}
		if !time.Now().Before(deadline) {
			return Answer{}, os.ErrDeadlineExceeded
		}
	}
}

// collect takes in what the sources have. It waits for the first one alone, and
// not for long: the others queue.
func (m *merge) collect(deadline time.Time) error {
	if soon := time.Now().Add(mergePoll); soon.Before(deadline) {
		deadline = soon
	}
	for i, s := range m.sources {
		for range mergeBatch {
			a, err := s.Next(deadline)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				return err
			}
			m.add(i, a)
			deadline = time.Time{}
		}
	}
	return nil
}

// take returns an answer that is complete, or has waited for long enough.
func (m *merge) take(now time.Time) (Answer, bool) {
	if len(m.ready) > 0 {
		a := m.ready[0]
		m.ready = m.ready[1:]
		return a, true
	}
	for i, h := range m.held {
		if !slices.Contains(h.seen, false) || now.Sub(h.since) >= mergeHold {
			m.held = slices.Delete(m.held, i, i+1)
			m.given[h.Ident] = now
			m.ready = append(m.ready, h.copies...)
			return h.Answer, true
		}
	}
	return Answer{}, false
}
