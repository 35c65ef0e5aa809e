package live

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// roundMsg is a round that was made, whole or not.
type roundMsg struct {
	way   int
	trace *tracer.Trace
}

// faultMsg says that rounds fail, and are tried again.
type faultMsg struct {
	way int
	err error
}

// lackMsg says what rounds lack, if anything.
type lackMsg struct{ err error }

// wish is what the engine is to do.
type wish struct {
	way    int
	paused bool
}

// engine makes rounds as it is told, from a goroutine of its own.
type engine struct {
	cfg  Config
	tell func(tea.Msg)
	runs []progress // by way

	mu      sync.Mutex
	wish    wish
	changed chan struct{} // closed, and another made, when the wish changes
}

// progress is where the rounds of a way go on.
type progress struct {
	done     int
	ident    uint16
	follower rounds.Follower
}

func newEngine(cfg Config, tell func(tea.Msg)) *engine {
	e := &engine{cfg: cfg, tell: tell, wish: wish{way: cfg.First}, changed: make(chan struct{})}
	for _, w := range cfg.Ways {
		e.runs = append(e.runs, progress{follower: rounds.Follower{Max: w.Trace.WithDefaults().MaxTTL}})
	}
	return e
}

// set has the engine do something else. A round under way is cut short.
func (e *engine) set(w wish) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w != e.wish {
		e.wish = w
		close(e.changed)
		e.changed = make(chan struct{})
	}
}

func (e *engine) wanted() (wish, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.wish, e.changed
}

// run works until the context ends.
func (e *engine) run(ctx context.Context) {
	for ctx.Err() == nil {
		w, changed := e.wanted()
		if w.paused || e.over(w.way) {
			wait(ctx, changed, nil)
			continue
		}
		if err := e.measure(ctx, w.way, changed); err != nil {
			e.tell(faultMsg{w.way, err})
			wait(ctx, changed, time.After(max(e.cfg.Interval, time.Second)))
		}
	}
}

func wait(ctx context.Context, changed <-chan struct{}, over <-chan time.Time) {
	select {
	case <-ctx.Done():
	case <-changed:
	case <-over:
	}
}

// over reports whether all rounds of a way have been made.
func (e *engine) over(way int) bool { return e.cfg.Count > 0 && e.runs[way].done >= e.cfg.Count }

// measure makes rounds until the wish changes, the context ends, or they fail.
func (e *engine) measure(ctx context.Context, way int, changed <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		wait(ctx, changed, nil)
		cancel()
	}()
	w := e.cfg.Ways[way]
	watched, stop, err := w.watch(ctx)
	if err != nil {
		return err
	}
	interrupted, err := rounds.Run(watched, e.rounds(way), w.Sender, w.Source)
	if fault := stop(); fault != nil && (err != nil || interrupted) {
		return fault
	}
	return err
}

// watch watches, if there is anything to watch.
func (w *Way) watch(ctx context.Context) (context.Context, func() error, error) {
	if w.Watch == nil {
		return ctx, func() error { return nil }, nil
	}
	return w.Watch(ctx)
}

// rounds says how the rounds of a way go on.
func (e *engine) rounds(way int) rounds.Config {
	p, w := &e.runs[way], e.cfg.Ways[way]
	c := rounds.Config{Trace: w.Trace, Interval: e.cfg.Interval, MaxTTL: p.follower.MaxTTL}
	if e.cfg.Count > 0 {
		c.Count = e.cfg.Count - p.done
	}
	if p.ident != 0 {
		c.Trace.FirstIdent, c.Trace.MaxTTL = p.ident, p.follower.Last()
	}
	c.OnRound = func(t *tracer.Trace) {
		p.ident = t.NextIdent
		if t.Stop != tracer.StopInterrupted && t.Stop != tracer.StopFailed {
			p.done++
		}
		e.tell(roundMsg{way, t})
		if e.cfg.OnRound != nil {
			e.tell(lackMsg{e.cfg.OnRound(way, t)})
		}
	}
	return c
}

// crash is a panic of the engine's goroutine, to be raised again in the one that can
// put the terminal in order before.
type crash struct {
	value any
	stack []byte
}

// guarded calls fn, and end with how it crashed, if it did.
func guarded(fn func(), end func(*crash)) {
	defer func() {
		if v := recover(); v != nil {
			end(&crash{v, debug.Stack()})
		}
	}()
	fn()
}

func (c *crash) String() string { return fmt.Sprintf("%v\n\n%s", c.value, c.stack) }
