package bench

import (
	"context"
	"errors"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// Config says what to measure and how often.
type Config struct {
	// Trace is the trace that a round repeats. Queries, FirstIdent, MaxTTL
	// and the callbacks are those of the trace that learns the path; a round
	// has one probe a hop.
	Trace tracer.Config
	// Count is the number of rounds: 100.
	Count int
	// Interval is the time from the start of a round to that of the next,
	// which begins at once if the round took longer: 1 s. Routers that limit
	// their answers, as Linux does, to one a second stay within their limit.
	Interval time.Duration
	// Load is what the machine is put under during the rounds; nil: nothing.
	Load Load
	// OnRound is called after each round with the number of rounds done.
	OnRound func(done int)
}

func (c Config) withDefaults() Config {
	if c.Count <= 0 {
		c.Count = 100
	}
	if c.Interval <= 0 {
		c.Interval = time.Second
	}
	if c.OnRound == nil {
		c.OnRound = func(int) {}
	}
	return c
}

// ErrSilence is returned if no hop answers the trace that learns the path.
var ErrSilence = errors.New("no hop answered, so there is nothing to time")

// Run measures the path in three steps:
//
//  1. trace it, to learn its length and to warm up the caches on the way;
//  2. put the machine under the load;
//  3. trace it Count times with a probe a hop, and sum up.
//
// It returns what there is also when the context ends it, which is no error, or
// when a step fails. A nil Result means that Trace cannot be run.
func Run(ctx context.Context, cfg Config, sender tracer.Sender, source tracer.Source) (*Result, error) {
	cfg = cfg.withDefaults()
	r := &Result{Count: cfg.Count, Interval: cfg.Interval, Load: cfg.Load, Started: time.Now()}
	defer func() { r.Elapsed = time.Since(r.Started) }()
	learned, err := tracer.Run(ctx, cfg.Trace, sender, source)
	if learned == nil {
		return nil, err
	}
	r.learn(learned)
	switch {
	case err != nil:
		return r, err
	case learned.Stop == tracer.StopInterrupted:
		r.Interrupted = true
		return r, nil
	case r.length == 0:
		return r, ErrSilence
	}
	return r, loaded(cfg.Load, func() error {
		return r.rounds(ctx, cfg, learned.NextIdent, sender, source)
	})
}

// loaded calls fn while the load is on.
func loaded(l Load, fn func() error) error {
	if l == nil {
		return fn()
	}
	stop, err := l.Start()
	if err != nil {
		return err
	}
	return errors.Join(fn(), stop())
}

func (r *Result) rounds(ctx context.Context, cfg Config, ident uint16, sender tracer.Sender, source tracer.Source) (err error) {
	c := rounds.Config{Trace: cfg.Trace, Count: cfg.Count, Interval: cfg.Interval}
	c.Trace.FirstIdent, c.Trace.MaxTTL = ident, r.length
	c.OnRound = func(t *tracer.Trace) {
		r.add(t)
		if t.Stop != tracer.StopInterrupted && t.Stop != tracer.StopFailed {
			r.Rounds++
			cfg.OnRound(r.Rounds)
		}
	}
	r.Interrupted, err = rounds.Run(ctx, c, sender, source)
	return err
}
