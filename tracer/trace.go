package tracer

import (
	"context"
	"errors"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/flight"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// entry is a probe as long as the run keeps books on it. Its TTL says what it was
// sent for.
type entry = flight.Entry[struct{}]

// run is one trace under way.
type run struct {
	cfg    Config
	engine *flight.Engine[struct{}]
	source Source
	*ledger

	started  time.Time
	reached  int // lowest TTL with which the target answered; 0: none
	barred   int // lowest TTL that was told the target is unreachable; 0: none
	reported int // TTLs below are reported
}

// Run traces the path that cfg describes. It returns what was found out, also
// when the context ends it (StopInterrupted, no error), ends it for a cause of its
// own (context.Cause), or when sending or receiving fails (StopFailed, and the
// error). A nil Trace means that cfg cannot be run.
//
// It is a policy on a [flight.Engine]: see Round, Next and Changed, below.
func Run(ctx context.Context, cfg Config, sender Sender, source Source) (*Trace, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, source: source, started: time.Now(),
		ledger: newLedger(cfg.FirstTTL, cfg.MaxTTL), reported: cfg.FirstTTL,
	}
	var err error
	r.engine, err = flight.New(flight.Config{
		Protocol: cfg.Protocol, Flow: cfg.Flow, Window: cfg.Window, Pace: cfg.Pace, FirstIdent: cfg.FirstIdent,
	}, r, sender, source)
	if err != nil {
		return nil, err
	}
	interrupted, err := r.engine.Run(ctx)
	if interrupted {
		err = fault(ctx)
	}
	return r.finish(err)
}

// fault returns why the context ended, unless somebody wanted it to (a signal does:
// signal.NotifyContext) or its time was up.
func fault(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return nil
	}
	return cause
}

// Round reports the hops that are complete. It implements [flight.Policy].
func (r *run) Round() (more bool) {
	r.report()
	return !r.done()
}

// Changed draws from what became of a probe what it says of the path. It implements
// [flight.Policy].
func (r *run) Changed(e *entry, was State) {
	switch {
	case was == NotSent:
		r.add(e)
	case e.State == Lost && e.Void:
		r.strike(e)
		return
	case !was.Heard() && e.State.Heard():
		r.heard = max(r.heard, e.TTL)
		r.conclude(e)
	}
	r.cfg.OnProbe(e.Probe)
}

// conclude draws from an answer where the path ends. Hops that were reported
// are not taken back.
func (r *run) conclude(e *entry) {
	at := max(e.TTL, r.reported)
	if r.cfg.Protocol.Arrived(e.Answer) && (r.reached == 0 || at < r.reached) {
		r.reached = at
	}
	if probe.Bars(r.cfg.Protocol, e.Answer) && (r.barred == 0 || at < r.barred) {
		r.barred = at
	}
}
