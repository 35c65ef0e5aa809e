package multipath

import (
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// send sends at most one probe. due is when there may be one to send again.
func (r *run) send(s *survey) (due time.Time, done bool, err error) {
	now := time.Now()
	if due, held := r.held(now); held {
		return due, false, nil
	}
	sp, done := s.next(now)
	switch {
	case sp == nil:
		over := len(r.flying) == 0
		r.stuck = r.stuck || over && !done && s.wake.Equal(never(now))
		return s.wake, over && (done || r.stuck), nil
	case r.tally.Sent >= r.cfg.MaxProbes:
		r.spent = NoProbes
		return now, false, nil
	}
	return now.Add(r.cfg.Pace), false, r.shoot(s, sp, now)
}

// held reports whether nothing may be sent now, and until when at the least.
func (r *run) held(now time.Time) (until time.Time, held bool) {
	if now.Sub(r.started) >= r.cfg.MaxTime && r.spent == "" {
		r.spent = NoTime
	}
	paced := r.lastSent.Add(r.cfg.Pace)
	switch {
	case r.spent != "", len(r.flying) >= r.window():
		return now.Add(attention), true // answers may be under way
	case now.Before(paced):
		return paced, true
	}
	return now, false
}

func (r *run) window() int {
	if r.serial {
		return 1
	}
	return r.cfg.Window
}

// shoot sends a probe for a spot.
func (r *run) shoot(s *survey, sp *spot, now time.Time) error {
	e := &entry{survey: s, spot: sp, sent: now}
	e.TTL, e.Flow, e.Query = sp.hop.ttl, s.number(sp.flow), len(sp.entries)
	e.Ident, e.SentAt = r.nextIdent(), now
	packet, err := r.cfg.Protocol.Marshal(sp.flow.flow, uint8(e.TTL), e.Ident)
	if err != nil {
		return err
	}
	r.lastSent = now
	e.Stamps[stamp.UserSend], err = r.sender.Send(packet)
	r.entries = append(r.entries, e)
	r.byIdent[e.Ident] = e
	return r.book(e, err)
}

// book enters a probe that the kernel took, or refused with err.
func (r *run) book(e *entry, err error) error {
	e.survey.sent(e.spot, e)
	if err != nil {
		e.State, e.Err = tracer.NotSent, err
		r.tally.NotSent++
		r.refusals++
		e.survey.lose(e.spot, e.sent)
	} else {
		e.State = tracer.Sent
		r.tally.Sent++
		r.refusals = 0
		r.flying = append(r.flying, e)
	}
	r.cfg.OnProbe(e.Probe)
	if r.refusals == maxRefusals {
		return fmt.Errorf("sending probes: %w", err)
	}
	return nil
}

// nextIdent returns an identifier that no probe of this run has had.
func (r *run) nextIdent() uint16 {
	for {
		id := r.ident
		r.ident++
		if r.byIdent[id] == nil && r.cfg.Flow.Usable(id) {
			return id
		}
	}
}
