package multipath

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// How long an answer is awaited; see Config.Wait.
const (
	waitUnknown = time.Second
	waitFloor   = 500 * time.Millisecond
	waitFactor  = 3
)

// timeout returns how long a probe is awaited, by what is known now.
func (r *run) timeout() time.Duration {
	switch {
	case r.cfg.Wait > 0:
		return r.cfg.Wait
	case r.slowest == 0:
		return waitUnknown
	}
	return max(waitFloor, waitFactor*r.slowest)
}

// expire gives up what is overdue.
func (r *run) expire(now time.Time) {
	timeout := r.timeout()
	for len(r.flying) > 0 && now.Sub(r.flying[0].sent) >= timeout {
		e := r.flying[0]
		r.flying = r.flying[1:]
		e.State, e.timeout = tracer.Lost, timeout
		r.tally.Lost++
		e.survey.lose(e.spot, now)
		r.cfg.OnProbe(e.Probe)
	}
}

// wakeAt returns when the next probe may be due or the oldest one overdue.
func (r *run) wakeAt(due time.Time) time.Time {
	at := time.Now().Add(attention)
	if due.Before(at) {
		at = due
	}
	if len(r.flying) > 0 {
		if overdue := r.flying[0].sent.Add(r.timeout()); overdue.Before(at) {
			at = overdue
		}
	}
	return at
}
