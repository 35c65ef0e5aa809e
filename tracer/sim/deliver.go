package sim

import (
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Next implements [tracer.Source].
func (l *Link) Next(deadline time.Time) (tracer.Answer, error) {
	for {
		a, wait, ok := l.take(deadline)
		switch {
		case ok:
			return a, nil
		case wait <= 0:
			return tracer.Answer{}, os.ErrDeadlineExceeded
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-l.wake:
			timer.Stop()
		}
	}
}

// take returns the next answer that is there, or how long to wait for one.
func (l *Link) take(deadline time.Time) (a tracer.Answer, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.settle(now)
	if len(l.ready) > 0 {
		a, l.ready = l.ready[0], l.ready[1:]
		return a, 0, true
	}
	wait = deadline.Sub(now)
	if l.arrivals.Len() > 0 {
		wait = min(wait, l.arrivals.heap[0].at.Sub(now))
	}
	return a, wait, false
}

// settle joins what has arrived by now, in the order in which it did: what is
// sent later must not answer for it.
func (l *Link) settle(now time.Time) {
	for {
		next, ok := l.arrivals.due(now)
		if !ok {
			return
		}
		l.join(next.packet, l.mono(next.at))
	}
}
