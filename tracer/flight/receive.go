package flight

import (
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	// attention is the longest wait between two looks at the context.
	attention = 20 * time.Millisecond
	// drainLimit is the most answers that are taken in before the next look at
	// probes that are due, so that a flood of copies does not keep a run from
	// going on.
	drainLimit = 1024
)

// receive hands on answers until the given time, and then those already there.
func (g *Engine[T]) receive(until time.Time) error {
	for range drainLimit {
		answer, err := g.source.Next(until)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("receiving answers: %w", err)
		}
		g.handle(answer)
		until = time.Time{} // an answer may make a probe due: only drain now
	}
	return nil
}

// wakeAt returns when the next probe is due or the oldest one overdue.
func (g *Engine[T]) wakeAt(due time.Time) time.Time {
	at := time.Now().Add(attention)
	if !due.IsZero() {
		at = earlier(at, due)
	}
	for _, e := range g.books.flying {
		at = earlier(at, e.Sent.Add(g.policy.Timeout(e)))
	}
	return at
}

// expire gives up what is overdue.
func (g *Engine[T]) expire(now time.Time) {
	for i := 0; i < len(g.books.flying); {
		e := g.books.flying[i]
		e.timeout = g.policy.Timeout(e)
		if now.Sub(e.Sent) < e.timeout {
			i++
			continue
		}
		g.books.land(e)
		e.State = Lost
		g.tally.Lost++
		g.policy.Changed(e, Sent)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
