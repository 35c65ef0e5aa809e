package tracer

import (
	"errors"
	"os"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
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

// held is an answer that is not complete yet.
type held struct {
	Answer
	seen   []bool                // by source
	by     [len(stamp.Set{})]int // source of each stamp
	since  time.Time
	copies []Answer // to be handed on after it
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

// add puts an answer to what other sources said of it. Copies are taken from
// the first source alone, which sees each of them.
func (m *merge) add(source int, a Answer) {
	a.Packet = slices.Clone(a.Packet)
	h := m.find(a.Ident)
	switch {
	case a.Duplicate || a.Unidentified:
		if source == 0 {
			m.copy(h, a)
		}
	case h != nil:
		h.join(source, a.Stamps)
	case time.Since(m.given[a.Ident]) > mergeForget:
		m.held = append(m.held, m.hold(source, a))
	default:
		m.tardy++
	}
}

func (m *merge) hold(source int, a Answer) *held {
	h := &held{Answer: a, seen: make([]bool, len(m.sources)), since: time.Now()}
	h.Stamps = stamp.Set{}
	h.join(source, a.Stamps)
	return h
}

func (m *merge) find(ident uint16) *held {
	for _, h := range m.held {
		if h.Ident == ident {
			return h
		}
	}
	return nil
}

// copy queues an answer that needs no other source's stamps, behind the one
// that it is a copy of.
func (m *merge) copy(h *held, a Answer) {
	switch {
	case h == nil:
		m.ready = append(m.ready, a)
	case len(h.copies) < mergeBatch:
		h.copies = append(h.copies, a)
	default:
		m.crowded++
	}
}

// join adds the stamps that the answer does not have yet, or has from a source
// that is further back in the list.
func (h *held) join(source int, stamps stamp.Set) {
	h.seen[source] = true
	for p, at := range stamps {
		if at != 0 && (h.Stamps[p] == 0 || source < h.by[p]) {
			h.Stamps[p], h.by[p] = at, source
		}
	}
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
