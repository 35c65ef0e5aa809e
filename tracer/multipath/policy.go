package multipath

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/flight"
)

// How long an answer is awaited; see Config.Wait.
const (
	waitUnknown = time.Second
	waitFloor   = 500 * time.Millisecond
	waitFactor  = 3
)

// Round implements [flight.Policy]. What is in flight when a budget is spent is still
// awaited.
func (r *run) Round() (more bool) {
	if r.spent == "" && time.Since(r.started) >= r.cfg.MaxTime {
		r.spent = NoTime
	}
	return r.engine.Flying() > 0 || r.spent == "" && !r.known
}

// Next implements [flight.Policy].
func (r *run) Next(now time.Time) (order flight.Order[*spot], due time.Time) {
	if r.spent != "" {
		return order, time.Time{}
	}
	sp, done := r.survey.next(now)
	switch {
	case sp == nil:
		idle := r.engine.Flying() == 0
		r.stuck = r.stuck || idle && !done && r.survey.wake.Equal(never(now))
		if r.known = idle && (done || r.stuck); r.known {
			return order, now
		}
		return order, r.survey.wake
	case r.engine.Tally().Sent >= r.cfg.MaxProbes:
		r.spent = NoProbes
		return order, now
	}
	return flight.Order[*spot]{
		Flow: sp.flow.flow, TTL: sp.hop.ttl, Query: len(sp.entries), Number: r.survey.number(sp.flow), For: sp,
	}, time.Time{}
}

// Timeout implements [flight.Policy].
func (r *run) Timeout(*entry) time.Duration {
	slowest := r.engine.Slowest()
	switch {
	case r.cfg.Wait > 0:
		return r.cfg.Wait
	case slowest == 0:
		return waitUnknown
	}
	return max(waitFloor, waitFactor*slowest)
}

// Changed enters what became of a probe into the survey that it was sent for, perhaps
// one that is over. It implements [flight.Policy].
func (r *run) Changed(e *entry, was tracer.State) {
	sp := e.For
	switch {
	case was == tracer.NotSent:
		r.entries = append(r.entries, e)
		sp.survey.sent(sp, e)
		if e.State == tracer.NotSent {
			sp.survey.lose(sp, e.Sent)
		}
	case e.State == tracer.Lost:
		sp.survey.lose(sp, time.Now())
	case !was.Heard():
		if was == tracer.Sent {
			sp.flying--
		}
		sp.survey.hear(sp, e)
		r.known = false
	}
	r.cfg.OnProbe(e.Probe)
}
