package tracer

import (
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// handle takes in one answer: find its probe, read the message, work out the
// round-trip time, and change the probe's state. Whatever falls by the way is
// tallied.
func (r *run) handle(a Answer) {
	if a.Unidentified && !r.alone(a.Ident) {
		r.singleOut()
		return
	}
	e := r.byIdent[a.Ident]
	if e == nil {
		r.tally.Stray++
		return
	}
	message, err := wire.ParseAnswer(a.Packet)
	if err != nil {
		r.tally.Unparsed++
		return
	}
	if e.State.Heard() {
		r.again(e)
		return
	}
	if r.stamped(e, a) {
		r.hear(e, a, message)
	}
}

// alone reports whether only one probe can have been meant by an answer that
// names none.
func (r *run) alone(ident uint16) bool {
	return len(r.flying) == 1 && r.flying[0].Ident == ident && !r.flying[0].void
}

// singleOut goes on with one probe in flight at a time, because the target's
// answers name no probe. What is in flight now can't be told apart any more.
func (r *run) singleOut() {
	r.tally.Unidentified++
	r.serial = true
	for _, e := range r.flying {
		e.void = true
	}
}

// again counts one more answer to a probe that was heard before.
func (r *run) again(e *entry) {
	e.Duplicates++
	if e.State == Answered {
		e.State = Duplicate
	}
	r.cfg.OnProbe(e.Probe)
}

// stamped works out the round-trip time. An impossible one is tallied and the
// sample dropped, so the probe goes on waiting.
func (r *run) stamped(e *entry, a Answer) bool {
	timed := e.Time(a)
	if !timed {
		r.tally.Impossible++
	}
	return timed
}

// hear enters a first answer.
func (r *run) hear(e *entry, a Answer, m wire.Answer) {
	late := e.State == Lost && e.RTT > e.timeout
	r.land(e)
	e.Answer, e.Rewritten, e.void = m.Kept(), a.Rewritten, false
	r.slowest = max(r.slowest, e.RTT)
	r.heard = max(r.heard, e.TTL)
	if a.Rewritten {
		r.tally.Rewritten++
	}
	e.State = r.stateFor(m, late)
	if late {
		r.tally.Late++
	}
	r.conclude(e)
	r.cfg.OnProbe(e.Probe)
}

func (r *run) stateFor(m wire.Answer, late bool) State {
	switch {
	case late:
		return Late
	case r.bars(m):
		return Unreachable
	}
	return Answered
}

// conclude draws from an answer where the path ends. Hops that were reported
// are not taken back.
func (r *run) conclude(e *entry) {
	at := max(e.TTL, r.reported)
	if r.arrived(e.Answer) && (r.reached == 0 || at < r.reached) {
		r.reached = at
	}
	if r.bars(e.Answer) && (r.barred == 0 || at < r.barred) {
		r.barred = at
	}
}

// arrived reports whether an answer means that the probe reached its target.
func (r *run) arrived(m wire.Answer) bool { return r.cfg.Protocol.Arrived(m) }

// bars reports whether an answer says that there is no way on.
func (r *run) bars(m wire.Answer) bool { return probe.Bars(r.cfg.Protocol, m) }
