package datagram

import (
	"cmp"
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// batch is how much is read at once from each of the socket's queues, so that a
// flood of answers does not keep probes from being sent.
const batch = 64

// read takes in answers until the socket is closed. It does so in a goroutine of
// its own that is blocked in epoll_wait(2): how long the program deals with other
// things does not enter stamp.UserReceive, how long the kernel and the Go runtime
// take to let it run does.
func (s *Socket) read() {
	for {
		ended, err := s.waker.wait()
		if err == nil && !ended {
			err = s.readSome()
		}
		if ended || err != nil {
			s.end(err)
			return
		}
	}
}

func (s *Socket) readSome() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.empty(false)
}

// end lets no more answers in: sending takes some in, too.
func (s *Socket) end(failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = cmp.Or(failure, errClosed)
	close(s.answers)
}

// empty takes in what the socket holds, or a batch of it: errors and stamps
// first, then datagrams.
func (s *Socket) empty(learn bool) error {
	full, before := s.full(), s.more.complaints
	err := s.emptyQueue(unix.MSG_ERRQUEUE, learn)
	if full && s.more.complaints > before {
		s.more.full++
	}
	return errors.Join(err, s.emptyQueue(0, learn))
}

func (s *Socket) emptyQueue(queue int, learn bool) error {
	for range batch {
		m, err := s.receive(queue)
		switch {
		case err == nil:
			s.take(m, learn)
		case err == unix.EAGAIN:
			return nil
		case err != unix.EINTR && !pending(err):
			return os.NewSyscallError("recvmsg", err)
		}
	}
	return nil
}

// receive returns what a queue holds next. The error is unix.EAGAIN if there is
// nothing.
func (s *Socket) receive(queue int) (message, error) {
	n, oobn, _, from, err := unix.Recvmsg(s.fd, s.received[:], s.control[:], queue|unix.MSG_DONTWAIT)
	if err != nil {
		return message{}, err
	}
	at, err := socket.Now()
	if err != nil {
		return message{}, err
	}
	return message{
		control: parseControl(s.control[:oobn]),
		data:    s.received[:n], peer: addrPort(from), at: at,
	}, nil
}

// pendingErrors are those that the kernel makes of ICMP messages
// (icmp_err_convert, icmpv6_err_convert, ping_err) and reports once, by whatever
// call comes next, besides putting the message into the error queue.
var pendingErrors = []error{
	unix.ECONNREFUSED, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.ENOPROTOOPT, unix.EMSGSIZE,
	unix.EOPNOTSUPP, unix.EHOSTDOWN, unix.ENONET, unix.EPROTO, unix.EACCES, unix.EREMOTEIO,
}

// pending reports whether an error may be that of an earlier probe.
func pending(err error) bool { return slices.Contains(pendingErrors, err) }

// largest is what the kernel charges a packet of an ordinary size with, at most.
const largest = 4096

// full reports whether the socket holds so much that it has no room for another
// ICMP error. How many it refused the kernel does not tell (sock_queue_err_skb).
func (s *Socket) full() bool {
	m, err := readMemory(s.fd)
	return err == nil && m.held > 0 && m.held+largest > m.limit
}

// dropped returns how many datagrams the kernel had no room for, those with a
// wrong checksum included.
func (s *Socket) dropped() uint64 {
	if s.fd < 0 {
		return s.more.dropped
	}
	m, err := readMemory(s.fd)
	if err != nil {
		return s.more.dropped
	}
	return uint64(m.dropped)
}
