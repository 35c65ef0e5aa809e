package socket

import (
	"errors"
	"net/netip"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// receiver is a raw socket that answers come by.
type receiver struct {
	fd       int
	protocol uint8
	ipv6     bool
	dropped  atomic.Uint32 // by a full queue, as of the last packet read
	buf      [wire.IPv6HeaderLen + join.SnapshotLen]byte
	oob      [256]byte
}

// arrival is a packet that was received.
type arrival struct {
	packet []byte // from the IP header on, perhaps cut short; valid until the next
	stamp  wallTime
	at     stamp.Mono // right after recvmsg(2) returned
}

func newReceiver(protocol uint8, o ListenOptions) (*receiver, error) {
	r := &receiver{protocol: protocol, ipv6: o.Raw.opts.IPv6}
	family := unix.AF_INET
	if r.ipv6 {
		family = unix.AF_INET6
	}
	var err error
	r.fd, err = unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, int(protocol))
	if errors.Is(err, unix.EPERM) {
		return nil, ErrPermission
	}
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := errors.Join(r.filter(o), r.set(o)); err != nil {
		return nil, errors.Join(err, unix.Close(r.fd))
	}
	return r, nil
}

// set asks for what packets should come with.
func (r *receiver) set(o ListenOptions) error {
	options := []struct{ level, option, value int }{{unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1}}
	add := func(level, option, value int) {
		options = append(options, struct{ level, option, value int }{level, option, value})
	}
	if o.ReceiveBuffer > 0 {
		add(unix.SOL_SOCKET, unix.SO_RCVBUF, o.ReceiveBuffer)
	}
	if o.Timestamps {
		add(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, rxStamps)
	}
	if r.ipv6 {
		add(unix.SOL_IPV6, unix.IPV6_RECVHOPLIMIT, 1)
		add(unix.SOL_IPV6, unix.IPV6_RECVTCLASS, 1)
		add(unix.SOL_IPV6, unix.IPV6_RECVPKTINFO, 1)
	}
	for _, s := range options {
		if err := unix.SetsockoptInt(r.fd, s.level, s.option, s.value); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	return nil
}

// receive returns the next packet that is there; the error is unix.EAGAIN if
// there is none.
func (r *receiver) receive() (arrival, error) {
	start := 0
	if r.ipv6 {
		start = wire.IPv6HeaderLen
	}
	n, oobn, _, from, err := unix.Recvmsg(r.fd, r.buf[start:], r.oob[:], unix.MSG_TRUNC)
	if err != nil {
		return arrival{}, err
	}
	at, err := Now()
	if err != nil {
		return arrival{}, err
	}
	c := parseControl(r.oob[:oobn])
	if c.dropped != 0 {
		r.dropped.Store(c.dropped)
	}
	end := min(start+n, len(r.buf)) // n is the whole length (MSG_TRUNC)
	if r.ipv6 {
		r.restoreHeader(n, c, from)
	}
	return arrival{r.buf[:end], c.stamp, at}, nil
}

// restoreHeader puts an IPv6 header in front of a payload of n bytes, which raw
// sockets of IPv6 give without one (RFC 3542, 3). Extension headers and the flow
// label of the answer stay unknown.
func (r *receiver) restoreHeader(n int, c control, from unix.Sockaddr) {
	h := wire.IPv6{
		Source: netip.IPv6Unspecified(), Target: c.to, TrafficClass: c.trafficClass,
		PayloadLength: n, NextHeader: r.protocol, TTL: c.hopLimit,
	}
	if sa, ok := from.(*unix.SockaddrInet6); ok {
		h.Source = netip.AddrFrom16(sa.Addr)
	}
	h.Append(r.buf[:0])
}
