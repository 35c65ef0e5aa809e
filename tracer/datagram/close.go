package datagram

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Close ends the reading and closes the socket. A Next that waits returns
// os.ErrClosed. Probes already sent go on. Closing again does nothing.
func (s *Socket) Close() error {
	var err error
	s.closing.Do(func() {
		werr := s.waker.end()
		s.readers.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.more.dropped = s.dropped()
		err = errors.Join(werr, s.release())
	})
	return err
}

// release closes what is open.
func (s *Socket) release() error {
	var errs []error
	if s.fd >= 0 {
		errs = append(errs, os.NewSyscallError("close", unix.Close(s.fd)))
		s.fd = -1
	}
	if s.waker != nil {
		errs = append(errs, s.waker.close())
	}
	return errors.Join(errs...)
}
