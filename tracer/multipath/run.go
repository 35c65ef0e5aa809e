package multipath

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

const (
	// attention is the longest wait between two looks at the context.
	attention = 20 * time.Millisecond
	// maxRefusals is the number of probes in a row that the kernel may refuse.
	maxRefusals = 3
	// drainLimit is the most answers taken in before the next look at what is due.
	drainLimit = 1024
)

// entry is a probe as long as the run keeps books on it.
type entry struct {
	tracer.Probe
	survey *survey
	spot   *spot
	sent   time.Time // by this process's clock, for waiting only
	// void: the probe may have been answered in a way that names no probe.
	void bool
	// final says that the answer ends the flow; see spot.
	final   bool
	timeout time.Duration // as it was when the probe was given up
}

// run is the probes of one or more surveys, under way over one seam.
type run struct {
	cfg    Config
	sender tracer.Sender
	source tracer.Source

	entries  []*entry // all, in order of sending
	byIdent  map[uint16]*entry
	flying   []*entry // oldest first
	ident    uint16   // to be used next
	started  time.Time
	lastSent time.Time
	slowest  time.Duration
	serial   bool
	refusals int
	tally    Tally
	// stuck says that a survey wants something and does not know how to get it:
	// a fault of ours, but none to wait for ever for.
	stuck bool
	// spent is why the run went no further; empty: it had no need.
	spent Reason
}

// Run finds the paths that cfg asks for. It returns what was found out, also when
// the context or a budget ends it, or when sending or receiving fails (and then the
// error as well). A nil Result means that cfg cannot be run.
func Run(ctx context.Context, cfg Config, sender tracer.Sender, source tracer.Source) (*Result, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, sender: sender, source: source, ident: cfg.FirstIdent,
		started: time.Now(), byIdent: map[uint16]*entry{},
	}
	if r.ident == 0 {
		r.ident = uint16(rand.Uint32())
	}
	if _, err := cfg.Protocol.Marshal(cfg.Flow, 1, r.nextIdent()); err != nil {
		return nil, err
	}
	r.ident--
	ways, around, err := r.surveys(ctx)
	return r.finish(ways, around, err)
}

// surveys carries out the survey of the ways to the target and, if asked for, that
// of the ways to its neighbours. Both together are to reach the confidence.
func (r *run) surveys(ctx context.Context) (ways, around *survey, err error) {
	ways = newSurvey(r.cfg, r.flowOf, r.cfg.MaxFlows)
	if r.cfg.Destinations > 0 {
		ways.confidence = math.Sqrt(r.cfg.Confidence)
	}
	err = r.trace(ctx, ways)
	if err != nil || r.spent != "" || r.cfg.Destinations == 0 {
		return ways, nil, err
	}
	around = r.neighbours(ways)
	return ways, around, r.trace(ctx, around)
}

// flowOf returns a flow of the family.
func (r *run) flowOf(n int) probe.Flow { return r.cfg.Flow.Nth(r.cfg.Protocol, n) }

// trace carries out a survey. It goes round in three steps until all is known:
// send the probe that is due, under window and pace; receive answers until the next
// is due or the oldest overdue; give up the overdue.
func (r *run) trace(ctx context.Context, s *survey) error {
	for {
		if ctx.Err() != nil {
			r.spent = Stopped
			return nil
		}
		due, done, err := r.send(s)
		switch {
		case done || err != nil:
			return err
		case r.spent != "" && len(r.flying) == 0:
			return nil
		}
		if err := r.receive(r.wakeAt(due)); err != nil {
			return err
		}
		r.expire(time.Now())
	}
}

// receive hands on answers until the given time, and then those already there.
func (r *run) receive(until time.Time) error {
	for range drainLimit {
		answer, err := r.source.Next(until)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("receiving answers: %w", err)
		}
		r.handle(answer)
		until = time.Time{} // an answer may make a probe due: only drain now
	}
	return nil
}
