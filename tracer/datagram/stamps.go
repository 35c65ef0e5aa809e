package datagram

import (
	"errors"
	"net"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

const (
	txSched = unix.SOF_TIMESTAMPING_TX_SCHED
	// stamps: the kernel stamps what it receives, and the driver reports what
	// it sends with the kernel's count of it, without the packet.
	stamps = unix.SOF_TIMESTAMPING_RX_SOFTWARE | unix.SOF_TIMESTAMPING_TX_SOFTWARE |
		unix.SOF_TIMESTAMPING_SOFTWARE | unix.SOF_TIMESTAMPING_OPT_ID | unix.SOF_TIMESTAMPING_OPT_TSONLY
)

// startStamps asks for stamps both ways, and waits until there are some.
func (s *Socket) startStamps() error {
	if s.options.UserClock {
		return nil
	}
	if err := s.stampSends(0); err != nil {
		return err
	}
	s.driver = s.driverStamps() && s.kernelStamps()
	socket.AwaitReceiveStamps()
	return nil
}

// stampSends asks for stamps, from now on. The count of packets starts at 0 with
// the first call, and goes on with the next ones.
func (s *Socket) stampSends(more int) error {
	err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, stamps|more)
	return os.NewSyscallError("setsockopt SO_TIMESTAMPING", err)
}

// driverStamps reports what the interface's driver says of itself
// (ETHTOOL_GET_TS_INFO); true if the interface is not known, and has to show by
// itself.
func (s *Socket) driverStamps() bool {
	name := s.options.Interface
	if name == "" {
		i, err := net.InterfaceByIndex(s.options.Index)
		if err != nil {
			return true
		}
		name = i.Name
	}
	info, err := unix.IoctlGetEthtoolTsInfo(s.fd, name)
	return err != nil || info.So_timestamping&unix.SOF_TIMESTAMPING_TX_SOFTWARE != 0
}

// kernelStamps reports whether the kernel stamps what such a socket sends, which
// for IPv6 ping sockets it does not before Linux 5.18: it sends one to itself.
// Where it cannot, the answer is yes, and has to show by itself.
func (s *Socket) kernelStamps() bool {
	if s.options.Protocol != wire.ProtocolICMPv6 {
		return true
	}
	self := netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	o := Options{Flow: probe.Flow{Source: self.Addr(), Target: self.Addr()}, Protocol: wire.ProtocolICMPv6}
	fd, err := o.socket()
	if err != nil {
		return true
	}
	defer unix.Close(fd)
	err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, stamps)
	request := wire.Echo{}.Append(nil, self.Addr(), self.Addr(), nil)
	if err := errors.Join(err, sendFlow(fd, request, self, 0, 0)); err != nil {
		return true
	}
	var oob [512]byte // the loopback device stamps inside of sendto(2)
	_, n, _, _, err := unix.Recvmsg(fd, nil, oob[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	return err == nil && parseControl(oob[:n]).stamped()
}

// Timing returns the pair of stamps that samples should have: "user" with
// UserClock, or where the driver, or the kernel, says that it does not stamp what
// is sent; else "socket". [Socket.Gaps] tells whether it came so.
func (s *Socket) Timing() stamp.Timing {
	send, receive := stamp.UserSend, stamp.UserReceive
	if !s.options.UserClock && s.driver {
		send, receive = stamp.SocketSend, stamp.Receive
	}
	for _, t := range stamp.Timings {
		if t.Send == send && t.Receive == receive {
			return t
		}
	}
	return stamp.Timing{}
}

// Gaps counts the answers that lack stamps.
func (s *Socket) Gaps() socket.Gaps {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stamper.Gaps()
}
