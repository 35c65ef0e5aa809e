package pmtu

import (
	"context"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// run is one discovery under way.
type run struct {
	cfg    Config
	sender tracer.Sender
	source tracer.Source
	result *Result

	size  int          // what is known to get through so far
	next  int          // the TTL that comes next
	known map[int]bool // TTLs that answer short packets
	far   int          // the largest TTL that short packets were sent with
	end   int          // the TTL that gets short packets to the target; 0: none
	// got holds probes of searches that were answered, the longest for each TTL.
	got map[int]tracer.Probe
	err error
	// retried is the TTL up to which a sweep was made anew.
	retried int
	refused error // why no trace could be run
	ended   bool  // nothing further is to be tried
}

// Run finds the path MTU. It returns what was found out, also when the context ends
// it, or when sending or receiving fails (and then the error as well). A nil Result
// means that cfg cannot be run.
//
// It goes round in three steps until packets of a length get to the end of the path:
//
//  1. sweep: packets as long as got through up to here go to all hops that are left;
//  2. where they stop, short packets show whether anybody is there behind;
//  3. settle: how long may packets be that get through to the first one behind?
func Run(ctx context.Context, cfg Config, sender tracer.Sender, source tracer.Source) (*Result, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, sender: sender, source: source, size: cfg.MTU, next: cfg.FirstTTL, known: map[int]bool{}, got: map[int]tracer.Probe{},
		result: &Result{
			Source: cfg.Flow.Source, Target: cfg.Flow.Target, Protocol: cfg.Protocol.Name(),
			Started: time.Now(), Stop: tracer.StopMaxTTL, Interface: cfg.MTU, NextIdent: cfg.FirstIdent,
		},
	}
	r.discover(ctx)
	if r.refused != nil {
		return nil, r.refused
	}
	return r.finish()
}

func (r *run) discover(ctx context.Context) {
	for !r.ended && r.next <= r.cfg.MaxTTL {
		t := r.sweep(ctx)
		if r.ended {
			return
		}
		s := r.stoppedBy(t)
		if !r.look(ctx, s) {
			return
		}
		r.settle(ctx, s)
	}
}

// trace runs a trace with the flow, and adds up what it counted. nil: it could not
// be run, or the run is over.
func (r *run) trace(ctx context.Context, cfg tracer.Config) *tracer.Trace {
	cfg.Flow, cfg.Protocol = r.cfg.Flow.Sized(r.size), r.cfg.Protocol
	cfg.Pace, cfg.Wait, cfg.GapLimit = r.cfg.Pace, r.cfg.Wait, r.cfg.GapLimit
	cfg.FirstIdent = r.result.NextIdent
	if cfg.Window == 0 {
		cfg.Window = r.cfg.Window
	}
	t, err := tracer.Run(ctx, cfg, r.sender, r.source)
	if t == nil || err != nil {
		r.err, r.ended, r.result.Stop = err, true, tracer.StopFailed
	}
	if t == nil {
		r.refused = err
		return nil
	}
	if t.Stop == tracer.StopInterrupted {
		r.ended, r.result.Stop = true, t.Stop
	}
	r.result.NextIdent, r.result.Counters = t.NextIdent, t.Counters
	r.result.Sent += t.Tally.Sent
	r.result.Tally.Add(t.Tally)
	return t
}

// finish makes the Result.
func (r *run) finish() (*Result, error) {
	for _, h := range r.result.Hops {
		if h.MTU > 0 {
			r.result.PathMTU = h.MTU
		}
	}
	r.result.Elapsed = time.Since(r.result.Started)
	counters, err := r.source.Counters()
	r.result.Counters = counters
	if r.err == nil {
		r.err = err
	}
	return r.result, r.err
}

// tooBig reports the message that a packet is too big.
func tooBig(p tracer.Probe) bool {
	return p.State.Heard() && p.Answer.Kind == wire.PacketTooBig
}
