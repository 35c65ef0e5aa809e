package datagram

import (
	"fmt"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

var errClosed = fmt.Errorf("datagram socket: %w", os.ErrClosed)

// Next implements [tracer.Source]. The error is os.ErrClosed after Close.
func (s *Socket) Next(deadline time.Time) (tracer.Answer, error) {
	a, open, err := s.answers.Next(deadline)
	if !open {
		err = s.ended()
	}
	return a, err
}

// ended says why there will be no more answers.
func (s *Socket) ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// Counters implements [tracer.Source]. Overflow counts datagrams to the last one,
// among them those with a wrong checksum; of ICMP errors the kernel does not say
// how many it had no room for, so finding their queue full counts as one.
// ImpossibleStamps is Gaps().Stepped. The error is always nil.
func (s *Socket) Counters() (tracer.Counters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, more := s.joiner.Counters(), s.more
	c.Answers += more.nameless - more.backlog
	c.Unmatched += more.unmatched
	c.Overflow = more.backlog + more.full + s.dropped()
	c.ImpossibleStamps = s.stamper.Gaps().Stepped
	return c, nil
}
