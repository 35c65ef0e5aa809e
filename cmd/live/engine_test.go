package live

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// made is what an engine tells of whole rounds.
type made struct {
	mu     sync.Mutex // guards ways
	ways   []int
	idents map[uint16]bool
	t      *testing.T
}

func (m *made) tell(msg tea.Msg) {
	r, ok := msg.(roundMsg)
	if !ok {
		m.t.Errorf("%v", msg)
		return
	}
	for _, h := range r.trace.Hops {
		for _, p := range h.Probes {
			if r.way != 0 {
				continue // each way has its own
			}
			if m.idents[p.Ident] {
				m.t.Errorf("identifier %d is used again", p.Ident)
			}
			m.idents[p.Ident] = true
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.trace.Stop == tracer.StopReached {
		m.ways = append(m.ways, r.way)
	}
}

// so returns the ways of the rounds so far.
func (m *made) so() []int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.ways)
}

// The engine does as it is told: rounds at their times, none while it is paused, by
// the way that is wanted, and each way goes on where it was.
func TestEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &made{t: t, idents: map[uint16]bool{}}
		cfg := Config{Interval: time.Second}
		for range 2 {
			_, w := simulated(t, "clean")
			cfg.Ways = append(cfg.Ways, w)
		}
		e := newEngine(cfg, m.tell)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			e.run(ctx)
			close(ended)
		}()
		for _, step := range []struct {
			wish wish
			wait time.Duration
			more int // rounds
		}{
			{wish{0, false}, 4500 * time.Millisecond, 5},
			{wish{0, true}, time.Hour, 0},
			{wish{0, false}, 2500 * time.Millisecond, 3},
			{wish{1, false}, 1500 * time.Millisecond, 2},
			{wish{1, true}, time.Minute, 0},
			{wish{0, true}, time.Minute, 0},
			{wish{0, false}, 500 * time.Millisecond, 1},
		} {
			before := len(m.so())
			e.set(step.wish)
			time.Sleep(step.wait)
			synctest.Wait()
			after := m.so()
			if more := len(after) - before; more != step.more {
				t.Errorf("%+v: %d rounds in %v, want %d", step.wish, more, step.wait, step.more)
			}
			for _, way := range after[before:] {
				if way != step.wish.way {
					t.Errorf("%+v: a round by way %d", step.wish, way)
				}
			}
		}
		cancel()
		<-ended
	})
}
