package socket

import (
	"bytes"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// LongestWait bounds a wait for packets in a system call, in milliseconds. Where Go 1.26
// stops the world (to collect garbage, or to change privileges in all threads) just as a
// thread begins such a wait, all of the process waits for its end, or else for a minute:
// runtime.stopTheWorldWithSema asks once who is in a system call, and preemptone passes
// over those.
const LongestWait = 50

// read takes in packets until the listener is closed. It does so in a goroutine
// of its own that is blocked in poll(2), as user-space tracers are: how long the
// program deals with other things does not enter stamp.UserReceive, how long
// the kernel and the Go runtime take to let it run does.
func (l *Listener) read() {
	defer close(l.answers)
	for {
		_, err := unix.Poll(l.polled, LongestWait)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			l.fail(os.NewSyscallError("poll", err))
			return
		}
		if l.polled[0].Revents != 0 || !l.emptyReady() {
			return
		}
	}
}

// emptyReady reads the sockets that hold something. It reports whether they are
// fit to go on.
func (l *Listener) emptyReady() bool {
	for i, r := range l.receivers {
		if l.polled[1+i].Revents == 0 {
			continue
		}
		if err := l.empty(r); err != nil {
			l.fail(fmt.Errorf("receiving IP protocol %d: %w", r.protocol, os.NewSyscallError("recvmsg", err)))
			return false
		}
	}
	return true
}

func (l *Listener) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failure = err
}

// empty reads what a socket holds.
func (l *Listener) empty(r *receiver) error {
	for {
		a, err := r.receive()
		switch err {
		case nil:
			l.take(a)
		case unix.EAGAIN:
			return nil
		case unix.EINTR:
		default:
			return err
		}
	}
}

// take joins a packet, stamps the answer and leaves it for Next.
func (l *Listener) take(a arrival) {
	l.mu.Lock()
	defer l.mu.Unlock()
	answer, ok := l.joiner.Join(a.packet)
	if !ok {
		return
	}
	answer.Stamps = l.stamps(answer.Ident, a)
	answer.Packet = bytes.Clone(answer.Packet)
	select {
	case l.answers <- answer:
	default:
		l.overflow++
	}
}
