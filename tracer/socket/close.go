package socket

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Close ends the reading and closes the receiving sockets. A Next that waits
// returns os.ErrClosed. Closing again does nothing.
func (l *Listener) Close() error {
	var err error
	l.closing.Do(func() {
		// Eight bytes that are not 0, in any byte order (eventfd(2)).
		_, werr := unix.Write(l.stop, []byte{1, 1, 1, 1, 1, 1, 1, 1})
		l.readers.Wait()
		err = errors.Join(os.NewSyscallError("write eventfd", werr), l.release())
	})
	return err
}

// release closes what is open.
func (l *Listener) release() error {
	var errs []error
	if l.options.Timestamps {
		errs = append(errs, l.options.Raw.unstampSends())
	}
	for _, r := range l.receivers {
		errs = append(errs, os.NewSyscallError("close", unix.Close(r.fd)))
	}
	if l.stop >= 0 {
		errs = append(errs, os.NewSyscallError("close eventfd", unix.Close(l.stop)))
	}
	return errors.Join(errs...)
}
