package flight

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Policy decides what a run asks for. T is what it keeps with each probe, to know
// again what it was sent for. Its methods are called by [Engine.Run] alone.
type Policy[T any] interface {
	// Round begins a round: answers have been taken in, and what was overdue given
	// up. It reports whether there is anything left to send or to wait for.
	Round() (more bool)
	// Next returns the probe to send now. It is called when window and pace allow
	// one. An order of TTL 0 means that there is none now: Next is called again at
	// due, and no later than a moment after anything has changed; a due in the past
	// asks for the next round at once, the zero time for no time in particular.
	Next(now time.Time) (order Order[T], due time.Time)
	// Timeout returns how long the answer to a probe in flight is awaited, by what
	// is known now.
	Timeout(e *Entry[T]) time.Duration
	// Changed is told of each change of a probe, whose state was another, or the
	// same if it was answered once more. A probe that has just been sent, or
	// refused by the kernel, was NotSent.
	Changed(e *Entry[T], was State)
}

// Order is a probe to be sent.
type Order[T any] struct {
	// Flow is what the packet is made of, TTL and identifier aside.
	Flow probe.Flow
	// TTL, Query, Number and Size become the probe's TTL, Query, Flow and Size.
	TTL, Query, Number, Size int
	// For becomes the entry's.
	For T
}

// Entry is a probe as long as the engine keeps books on it.
type Entry[T any] struct {
	Probe
	// For is what the policy keeps with it.
	For T
	// Sent is when it was sent by this process's clock, for waiting only.
	Sent time.Time
	// Void means that the probe may have been answered in a way that names no
	// probe, so that its silence says nothing.
	Void    bool
	timeout time.Duration // as it was when the probe was given up
}
