package socket

import (
	"fmt"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

var errListenerClosed = fmt.Errorf("listener: %w", os.ErrClosed)

// Next implements [tracer.Source]. The error is os.ErrClosed after Close.
func (l *Listener) Next(deadline time.Time) (tracer.Answer, error) {
	select { // what is there, before looking at the clock
	case a, ok := <-l.answers:
		return a, l.ended(ok)
	default:
	}
	left := time.Until(deadline)
	if left <= 0 {
		return tracer.Answer{}, os.ErrDeadlineExceeded
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case a, ok := <-l.answers:
		return a, l.ended(ok)
	case <-timer.C:
		return l.Next(time.Time{}) // an answer may be there as well
	}
}

// ended says why there will be no more answers.
func (l *Listener) ended(ok bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case ok:
		return nil
	case l.failure != nil:
		return l.failure
	}
	return errListenerClosed
}

// Counters implements [tracer.Source]. Overflow is as of the last packet read,
// for the kernel tells of losses with the next packet (SO_RXQ_OVFL), and counts
// among them packets with a wrong checksum. ImpossibleStamps is Gaps().Stepped.
// The error is always nil.
func (l *Listener) Counters() (tracer.Counters, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.joiner.Counters()
	c.Answers -= l.overflow
	c.Overflow = l.overflow
	for _, r := range l.receivers {
		c.Overflow += uint64(r.dropped.Load())
	}
	c.ImpossibleStamps = l.gaps.Stepped
	return c, nil
}
