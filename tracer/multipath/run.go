package multipath

import (
	"context"
	"math"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/flight"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// run is the probes of one or more surveys, under way over one seam. It is a policy on
// a [flight.Engine], which a survey tells what it wants to know.
type run struct {
	cfg    Config
	engine *flight.Engine[*spot]
	source tracer.Source
	survey *survey // the one under way

	entries []*entry // all, in order of sending
	started time.Time
	// known says that the survey has no more to ask.
	known bool
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
	r := &run{cfg: cfg, source: source, started: time.Now()}
	var err error
	r.engine, err = flight.New(flight.Config{
		Protocol: cfg.Protocol, Flow: cfg.Flow, Window: cfg.Window, Pace: cfg.Pace, FirstIdent: cfg.FirstIdent,
	}, r, sender, source)
	if err != nil {
		return nil, err
	}
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

// trace carries out a survey.
func (r *run) trace(ctx context.Context, s *survey) error {
	r.survey, r.known = s, false
	interrupted, err := r.engine.Run(ctx)
	if interrupted {
		r.spent = Stopped
	}
	return err
}
