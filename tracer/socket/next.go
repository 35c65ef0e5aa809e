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
	a, open, err := l.answers.Next(deadline)
	if !open {
		err = l.ended()
	}
	return a, err
}

// ended says why there will be no more answers.
func (l *Listener) ended() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failure != nil {
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
