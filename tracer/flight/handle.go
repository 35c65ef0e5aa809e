package flight

import (
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// handle takes in one answer: find its probe, read the message, work out the
// round-trip time, and change the probe's state. Whatever falls by the way is
// tallied.
func (g *Engine[T]) handle(a Answer) {
	if a.Unidentified && !g.books.alone(a.Ident) {
		g.singleOut()
		return
	}
	e := g.books.byIdent[a.Ident]
	if e == nil || e.State == NotSent {
		g.tally.Stray++
		return
	}
	message, err := wire.ParseAnswer(a.Packet)
	switch {
	case err != nil:
		g.tally.Unparsed++
	case e.State.Heard():
		g.again(e)
	case !e.Time(a):
		g.tally.Impossible++ // and the probe goes on waiting
	default:
		g.hear(e, a, message)
	}
}

// singleOut goes on with one probe in flight at a time, because the target's
// answers name no probe. What is in flight now can't be told apart any more.
func (g *Engine[T]) singleOut() {
	g.tally.Unidentified++
	g.serial = true
	for _, e := range g.books.flying {
		e.Void = true
	}
}

// again counts one more answer to a probe that was heard before.
func (g *Engine[T]) again(e *Entry[T]) {
	was := e.State
	e.Duplicates++
	g.tally.Duplicates++
	if was == Answered {
		e.State = Duplicate
	}
	g.policy.Changed(e, was)
}

// hear enters a first answer.
func (g *Engine[T]) hear(e *Entry[T], a Answer, m wire.Answer) {
	was := e.State
	if was == Sent {
		g.books.land(e)
	} else {
		g.tally.Lost--
	}
	e.Answer, e.Rewritten, e.Void = m.Kept(), a.Rewritten, false
	e.State = g.stateFor(m, was == Lost && e.RTT > e.timeout)
	g.slowest = max(g.slowest, e.RTT)
	if a.Rewritten {
		g.tally.Rewritten++
	}
	g.policy.Changed(e, was)
}

func (g *Engine[T]) stateFor(m wire.Answer, late bool) State {
	switch {
	case late:
		g.tally.Late++
		return Late
	case probe.Bars(g.cfg.Protocol, m):
		return Unreachable
	}
	return Answered
}
