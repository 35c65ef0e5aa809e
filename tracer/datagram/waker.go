package datagram

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// waker lets a goroutine wait for a socket, and not be woken by it for a while.
type waker struct{ epoll, stop int }

func newWaker() (*waker, error) {
	w := &waker{-1, -1}
	var err error
	if w.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if w.stop, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err == nil {
		err = w.watch(w.stop)
	}
	if err != nil {
		return nil, errors.Join(os.NewSyscallError("eventfd", err), w.close())
	}
	return w, nil
}

// watch has wait return when the descriptor holds something, from now on.
func (w *waker) watch(fd int) error {
	event := &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)} // and EPOLLERR
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(w.epoll, unix.EPOLL_CTL_ADD, fd, event))
}

// ignore takes watch back.
func (w *waker) ignore(fd int) error {
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(w.epoll, unix.EPOLL_CTL_DEL, fd, nil))
}

// wait waits for what is watched. It reports whether end was called.
func (w *waker) wait() (ended bool, err error) {
	var events [2]unix.EpollEvent
	for {
		n, err := unix.EpollWait(w.epoll, events[:], socket.LongestWait)
		if err == unix.EINTR || err == nil && n == 0 {
			continue
		}
		for _, e := range events[:max(n, 0)] {
			ended = ended || int(e.Fd) == w.stop
		}
		return ended, os.NewSyscallError("epoll_wait", err)
	}
}

// end has wait return for good.
func (w *waker) end() error {
	// Eight bytes that are not 0, in any byte order (eventfd(2)).
	_, err := unix.Write(w.stop, []byte{1, 1, 1, 1, 1, 1, 1, 1})
	return os.NewSyscallError("write eventfd", err)
}

func (w *waker) close() error {
	var errs []error
	for _, fd := range []int{w.stop, w.epoll} {
		if fd >= 0 {
			errs = append(errs, os.NewSyscallError("close", unix.Close(fd)))
		}
	}
	return errors.Join(errs...)
}
