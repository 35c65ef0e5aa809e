package multipath

import (
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// handle takes in one answer. Whatever falls by the way is tallied.
func (r *run) handle(a tracer.Answer) {
	if a.Unidentified && !(len(r.flying) == 1 && r.flying[0].Ident == a.Ident && !r.flying[0].void) {
		r.singleOut()
		return
	}
	e := r.byIdent[a.Ident]
	if e == nil || e.State == tracer.NotSent {
		r.tally.Stray++
		return
	}
	message, err := wire.ParseAnswer(a.Packet)
	switch {
	case err != nil:
		r.tally.Unparsed++
	case e.State.Heard():
		r.again(e)
	case r.stamped(e, a):
		r.hear(e, a, message)
	}
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
	r.tally.Duplicates++
	if e.State == tracer.Answered {
		e.State = tracer.Duplicate
	}
	r.cfg.OnProbe(e.Probe)
}

// stamped works out the round-trip time. A sample with an impossible one is tallied
// and dropped, so the probe goes on waiting.
func (r *run) stamped(e *entry, a tracer.Answer) bool {
	timed := e.Time(a)
	if !timed {
		r.tally.Impossible++
	}
	return timed
}

// hear enters a first answer.
func (r *run) hear(e *entry, a tracer.Answer, m wire.Answer) {
	late := e.State == tracer.Lost && e.RTT > e.timeout
	if e.State == tracer.Sent {
		r.land(e)
		e.spot.flying--
	} else {
		r.tally.Lost--
	}
	e.Answer, e.Rewritten, e.void = m.Kept(), a.Rewritten, false
	e.final = r.cfg.Protocol.Arrived(m) || r.bars(m)
	e.State = r.stateFor(m, late)
	r.slowest = max(r.slowest, e.RTT)
	if a.Rewritten {
		r.tally.Rewritten++
	}
	e.survey.hear(e.spot, e)
	r.cfg.OnProbe(e.Probe)
}

func (r *run) stateFor(m wire.Answer, late bool) tracer.State {
	switch {
	case late:
		r.tally.Late++
		return tracer.Late
	case r.bars(m):
		return tracer.Unreachable
	}
	return tracer.Answered
}

// bars reports whether an answer says that there is no way on.
func (r *run) bars(m wire.Answer) bool { return probe.Bars(r.cfg.Protocol, m) }

// land takes a probe out of the air.
func (r *run) land(e *entry) {
	if i := slices.Index(r.flying, e); i >= 0 {
		r.flying = slices.Delete(r.flying, i, i+1)
	}
}
