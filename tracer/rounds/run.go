package rounds

import (
	"context"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Config says what to repeat and how often.
type Config struct {
	// Trace is what each round repeats, with one probe a hop. FirstIdent is
	// for the first round; the others go on from there. OnHop is not called.
	Trace tracer.Config
	// Count is the number of rounds; 0: until the context ends.
	Count int
	// Interval is the time from the start of a round to that of the next,
	// which begins at once if the round took longer: 1 s.
	Interval time.Duration
	// MaxTTL, if not nil, says how far the round after the given one goes.
	MaxTTL func(*tracer.Trace) int
	// OnRound is called after each round, also after one that was
	// interrupted or failed (Trace.Stop).
	OnRound func(*tracer.Trace)
}

func (c Config) withDefaults() Config {
	if c.Interval <= 0 {
		c.Interval = time.Second
	}
	if c.OnRound == nil {
		c.OnRound = func(*tracer.Trace) {}
	}
	if c.MaxTTL == nil {
		c.MaxTTL = func(*tracer.Trace) int { return c.Trace.MaxTTL }
	}
	c.Trace.Queries = 1
	c.Trace.OnHop = nil
	return c
}

// Run makes the rounds. It reports whether the context ended them, which is no error
// unless the context ended for a cause of its own: see [tracer.Run].
func Run(ctx context.Context, cfg Config, sender tracer.Sender, source tracer.Source) (interrupted bool, err error) {
	cfg = cfg.withDefaults()
	round := cfg.Trace
	next := time.Now()
	for done := 0; cfg.Count == 0 || done < cfg.Count; done++ {
		if !sleep(ctx, next) {
			return true, nil
		}
		t, err := tracer.Run(ctx, round, sender, source)
		if t != nil {
			cfg.OnRound(t)
			round.FirstIdent, round.MaxTTL = t.NextIdent, cfg.MaxTTL(t)
		}
		if err != nil {
			return false, err
		}
		if t.Stop == tracer.StopInterrupted {
			return true, nil
		}
		next = later(next.Add(cfg.Interval), time.Now())
	}
	return false, nil
}

// sleep waits until a time, and reports whether the context lasted as long.
func sleep(ctx context.Context, until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
