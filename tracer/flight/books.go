package flight

import "slices"

// books keep every probe of a run, by identifier, and those in flight.
type books[T any] struct {
	byIdent map[uint16]*Entry[T]
	flying  []*Entry[T] // those in state Sent, oldest first
	next    uint16      // identifier to try next
}

func newBooks[T any](first uint16) books[T] {
	return books[T]{byIdent: map[uint16]*Entry[T]{}, next: first}
}

// add enters a probe, sent or refused.
func (b *books[T]) add(e *Entry[T]) {
	b.byIdent[e.Ident] = e
	if e.State == Sent {
		b.flying = append(b.flying, e)
	}
}

// land takes a probe out of the air.
func (b *books[T]) land(e *Entry[T]) {
	if i := slices.Index(b.flying, e); i >= 0 {
		b.flying = slices.Delete(b.flying, i, i+1)
	}
}

// ident returns an identifier that no probe of this run has had.
func (b *books[T]) ident(usable func(uint16) bool) uint16 {
	for {
		id := b.next
		b.next++
		if _, taken := b.byIdent[id]; !taken && usable(id) {
			return id
		}
	}
}

// alone reports whether only one probe can have been meant by an answer that names
// none.
func (b *books[T]) alone(ident uint16) bool {
	return len(b.flying) == 1 && b.flying[0].Ident == ident && !b.flying[0].Void
}
