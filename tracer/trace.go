package tracer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// attention is the longest wait between two looks at the context.
const attention = 20 * time.Millisecond

// maxRefusals is the number of probes in a row that the kernel may refuse
// before the trace is given up.
const maxRefusals = 3

// run is one trace under way.
type run struct {
	cfg    Config
	sender Sender
	source Source
	*ledger

	started  time.Time
	lastSent time.Time
	reached  int // lowest TTL with which the target answered; 0: none
	barred   int // lowest TTL that was told the target is unreachable; 0: none
	reported int // TTLs below are reported
	serial   bool
	refusals int
	tally    Tally
}

// Run traces the path that cfg describes. It returns what was found out, also
// when the context ends it (StopInterrupted, no error), ends it for a cause of its
// own (context.Cause), or when sending or receiving fails (StopFailed, and the
// error). A nil Trace means that cfg cannot be run.
//
// It goes round in four steps until nothing more is awaited:
//
//  1. send the probes that are due, under window and pace;
//  2. receive answers until the next probe is due or the oldest overdue;
//  3. give up the overdue, once every answer that is there has been read;
//  4. report the hops that are complete, in order.
func Run(ctx context.Context, cfg Config, sender Sender, source Source) (*Trace, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, sender: sender, source: source, started: time.Now(),
		ledger: newLedger(cfg.FirstTTL, cfg.MaxTTL, cfg.FirstIdent), reported: cfg.FirstTTL,
	}
	if _, err := cfg.Protocol.Marshal(cfg.Flow, 1, r.ident(cfg.Flow.Usable)); err != nil {
		return nil, err
	}
	return r.finish(r.loop(ctx))
}

func (r *run) loop(ctx context.Context) error {
	for !r.done() {
		if ctx.Err() != nil {
			return fault(ctx)
		}
		if err := r.send(); err != nil {
			return err
		}
		if err := r.receive(r.wakeAt()); err != nil {
			return err
		}
		r.expire(time.Now())
		r.report()
	}
	return nil
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

// send sends at most one probe, so that answers are taken in between.
func (r *run) send() error {
	ttl, ok := r.due(time.Now())
	if !ok {
		return nil
	}
	e := &entry{Probe: Probe{TTL: ttl, Query: len(r.at(ttl)), Size: r.size(ttl), Ident: r.ident(r.cfg.Flow.Usable)}}
	packet, err := r.cfg.Protocol.Marshal(r.cfg.Flow.Sized(e.Size), uint8(ttl), e.Ident)
	if err != nil {
		return err
	}
	e.SentAt = time.Now()
	e.sent, r.lastSent = e.SentAt, e.SentAt
	e.Stamps[stamp.UserSend], err = r.sender.Send(packet)
	return r.book(e, err)
}

// size returns the first of the sizes asked for that no probe at the hop has yet;
// 0: none was asked for. Probes that were struck off are sent again.
func (r *run) size(ttl int) int {
	left := slices.Clone(r.cfg.Sizes)
	for _, e := range r.at(ttl) {
		if i := slices.Index(left, e.Size); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	if len(left) == 0 {
		return 0
	}
	return left[0]
}

// book enters a probe that the kernel took, or refused with err.
func (r *run) book(e *entry, err error) error {
	if err != nil {
		e.State, e.Err = NotSent, err
		r.refusals++
	} else {
		e.State = Sent
		r.tally.Sent++
		r.refusals = 0
	}
	r.add(e)
	r.cfg.OnProbe(e.Probe)
	if r.refusals == maxRefusals {
		return fmt.Errorf("sending probes: %w", err)
	}
	return nil
}

// drainLimit is the most answers that are taken in before the next look at probes
// that are due, so that a flood of copies does not keep the trace from going on.
const drainLimit = 1024

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
