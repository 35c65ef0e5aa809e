package flight

import (
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// maxRefusals is the number of probes in a row that the kernel may refuse before the
// run is given up.
const maxRefusals = 3

// send sends at most one probe, so that answers are taken in between. due is when
// there may be one to send again; zero: when anything has changed.
func (g *Engine[T]) send() (due time.Time, err error) {
	now, paced := time.Now(), g.lastSent.Add(g.cfg.Pace)
	switch {
	case len(g.books.flying) >= g.window():
		return time.Time{}, nil
	case now.Before(paced):
		return paced, nil
	}
	order, due := g.policy.Next(now)
	if order.TTL == 0 {
		return due, nil
	}
	err = g.shoot(order)
	return g.lastSent.Add(g.cfg.Pace), err
}

// window returns how many probes may be in flight.
func (g *Engine[T]) window() int {
	if g.serial {
		return 1
	}
	return g.cfg.Window
}

// shoot builds a probe and sends it.
func (g *Engine[T]) shoot(o Order[T]) error {
	e := &Entry[T]{For: o.For, Probe: Probe{TTL: o.TTL, Query: o.Query, Flow: o.Number, Size: o.Size}}
	e.Ident = g.books.ident(g.cfg.Flow.Usable)
	packet, err := g.cfg.Protocol.Marshal(o.Flow.Sized(o.Size), uint8(e.TTL), e.Ident)
	if err != nil {
		return err
	}
	e.SentAt = time.Now()
	e.Sent, g.lastSent = e.SentAt, e.SentAt
	e.Stamps[stamp.UserSend], err = g.sender.Send(packet)
	return g.book(e, err)
}

// book enters a probe that the kernel took, or refused with err.
func (g *Engine[T]) book(e *Entry[T], err error) error {
	if err != nil {
		e.State, e.Err = NotSent, err
		g.tally.NotSent++
		g.refusals++
	} else {
		e.State = Sent
		g.tally.Sent++
		g.refusals = 0
	}
	g.books.add(e)
	g.policy.Changed(e, NotSent)
	if g.refusals == maxRefusals {
		return fmt.Errorf("sending probes: %w", err)
	}
	return nil
}
