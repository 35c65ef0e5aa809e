package tracer

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// held is an answer that is not complete yet.
type held struct {
	Answer
	seen   []bool                // by source
	by     [len(stamp.Set{})]int // source of each stamp
	since  time.Time
	copies []Answer // to be handed on after it
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
