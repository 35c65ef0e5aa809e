package socket

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// Port is a source port that no other process gets while it is held, so that
// two tracers on one host never mistake each other's answers.
type Port struct {
	// Number is the port, or a random echo identifier where nothing is held.
	Number uint16
	// Count is how many ports there are from that one on; 1 by [Reserve].
	Count int
	fd    int
}

// Reserve holds a source port of the protocol (unix.IPPROTO_UDP or _TCP) on an
// address; port 0 lets the kernel choose. For any other protocol port 0 draws a
// random identifier: there is nothing that could be held. Scope is the index of
// the route's interface: the scope of a link-local address, and what tells the VRF,
// if any, that the port is held in.
//
// The socket is bound and never connected: to it the kernel delivers stray UDP
// answers, instead of refusing them with an ICMP message; a TCP handshake's
// answer still meets a reset, so no half-open connection stays at the target.
func Reserve(protocol uint8, source netip.Addr, port uint16, scope int) (*Port, error) {
	var kind int
	switch protocol {
	case unix.IPPROTO_UDP:
		kind = unix.SOCK_DGRAM
	case unix.IPPROTO_TCP:
		kind = unix.SOCK_STREAM
	default:
		return &Port{Number: cmp.Or(port, uint16(1+rand.N(0xfffe))), Count: 1, fd: -1}, nil
	}
	fd, err := unix.Socket(family(source), kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	number, err := bindPort(fd, source, port, scope)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("reserving source port %d on %v: %w", port, source, err)
	}
	return &Port{Number: number, Count: 1, fd: fd}, nil
}

func family(a netip.Addr) int {
	if a.Is6() {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

func bindPort(fd int, source netip.Addr, port uint16, scope int) (uint16, error) {
	if err := bindVRF(fd, scope); err != nil {
		return 0, err
	}
	if err := unix.Bind(fd, sockaddr(source, port, scope)); err != nil {
		return 0, err
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	switch sa := bound.(type) {
	case *unix.SockaddrInet4:
		return uint16(sa.Port), nil
	case *unix.SockaddrInet6:
		return uint16(sa.Port), nil
	}
	return 0, fmt.Errorf("bound to an address of an unknown family")
}

func sockaddr(a netip.Addr, port uint16, scope int) unix.Sockaddr {
	if !a.Is6() {
		return &unix.SockaddrInet4{Port: int(port), Addr: a.As4()}
	}
	sa := &unix.SockaddrInet6{Port: int(port), Addr: a.As16()}
	if a.IsLinkLocalUnicast() {
		sa.ZoneId = uint32(scope)
	}
	return sa
}

// Close lets go of the port.
func (p *Port) Close() error {
	if p.fd < 0 {
		return nil
	}
	return os.NewSyscallError("close", unix.Close(p.fd))
}
