package datagram

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// defaultReceiveBuffer holds hundreds of answers: error queue and received
// datagrams share it.
const defaultReceiveBuffer = 1 << 20

// check reports what no such socket can do.
func (o *Options) check() error {
	f := o.Flow
	switch {
	case !f.Source.IsValid() || !f.Target.IsValid() || f.Source.Is4() != f.Target.Is4():
		return fmt.Errorf("flow from %v to %v: needs two addresses of one family", f.Source, f.Target)
	case f.Source.IsUnspecified():
		return fmt.Errorf("flow from %v: needs the address that probes leave from", f.Source)
	case o.Protocol == wire.ProtocolTCP:
		return fmt.Errorf("TCP probes need a raw socket: run with sudo, give the program CAP_NET_RAW "+
			"(setcap cap_net_raw+ep), or probe with UDP: %w", errors.ErrUnsupported)
	case o.Protocol != wire.ProtocolUDP && o.Protocol != o.icmpNumber():
		return fmt.Errorf("IP protocol %d to %v needs a raw socket: use UDP or ICMP: %w", o.Protocol, f.Target, errors.ErrUnsupported)
	}
	return nil
}

func (o *Options) icmpNumber() uint8 {
	if o.Flow.IPv6() {
		return wire.ProtocolICMPv6
	}
	return wire.ProtocolICMP
}

// socket opens a socket and sets its options.
func (o *Options) socket() (int, error) {
	family := unix.AF_INET
	if o.Flow.IPv6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, int(o.Protocol))
	if err != nil {
		return -1, o.refused(err)
	}
	if err := o.set(fd); err != nil {
		return -1, errors.Join(err, unix.Close(fd))
	}
	return fd, nil
}

// refused says why there is no socket. Ping sockets are for the groups that a
// sysctl names, by default none (kernel: ping_init_sock); it is of the network
// namespace, and holds for both families.
func (o *Options) refused(err error) error {
	if o.icmp() && errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("net.ipv4.ping_group_range keeps ping sockets from group %d: "+
			`widen it (sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"), run with sudo, or probe with UDP: %w`,
			os.Getegid(), os.ErrPermission)
	}
	return os.NewSyscallError("socket", err)
}

// setting is a socket option and its value.
type setting struct{ level, option, value int }

// settings4 and settings6 ask for errors, and for what answers should come with.
var (
	settings4 = []setting{
		{unix.SOL_IP, unix.IP_RECVERR, 1},
		{unix.SOL_IP, unix.IP_RECVTTL, 1},
		{unix.SOL_IP, unix.IP_RECVTOS, 1},
	}
	settings6 = []setting{
		{unix.SOL_IPV6, unix.IPV6_RECVERR, 1},
		{unix.SOL_IPV6, unix.IPV6_RECVHOPLIMIT, 1},
		{unix.SOL_IPV6, unix.IPV6_RECVTCLASS, 1},
		{unix.SOL_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE},
		{unix.SOL_IPV6, unix.IPV6_AUTOFLOWLABEL, 0},
		{unix.SOL_IPV6, flowInfoSend, 1},
	}
)

// set asks for errors, and for what answers should come with.
func (o *Options) set(fd int) error {
	options, extensions := settings4, setting{unix.SOL_IP, unix.IP_RECVERR_RFC4884, 1}
	if o.Flow.IPv6() {
		options, extensions = settings6, setting{unix.SOL_IPV6, unix.IPV6_RECVERR_RFC4884, 1}
	}
	buffer := setting{unix.SOL_SOCKET, unix.SO_RCVBUF, cmp.Or(o.ReceiveBuffer, defaultReceiveBuffer)}
	for _, s := range append([]setting{buffer}, options...) {
		if err := s.apply(fd); err != nil {
			return os.NewSyscallError(fmt.Sprintf("setsockopt %d, %d", s.level, s.option), err)
		}
	}
	extensions.apply(fd) // Linux 5.9. Without it, extensions are found where old routers put them.
	return o.bindDevice(fd)
}

func (s setting) apply(fd int) error { return unix.SetsockoptInt(fd, s.level, s.option, s.value) }

func (o *Options) bindDevice(fd int) error {
	if o.Interface == "" {
		return nil
	}
	if err := unix.BindToDevice(fd, o.Interface); err != nil {
		return fmt.Errorf("binding to interface %s: %w", o.Interface, err)
	}
	return nil
}

// identTries is how many random echo identifiers are tried. Others hold few.
const identTries = 16

// bind gives the socket its source address and port. The kernel draws UDP ports,
// but counts echo identifiers up, which a stranger could guess.
func (o *Options) bind(fd int) (uint16, error) {
	port := o.Flow.SourcePort
	if port != 0 || !o.icmp() {
		return o.bindTo(fd, port)
	}
	for try := 1; ; try++ {
		got, err := o.bindTo(fd, uint16(1+rand.N(0xfffe)))
		if !errors.Is(err, unix.EADDRINUSE) || try == identTries {
			return got, err
		}
	}
}

func (o *Options) bindTo(fd int, port uint16) (uint16, error) {
	if err := unix.Bind(fd, o.sockaddr(o.Flow.Source, port)); err != nil {
		return 0, fmt.Errorf("binding to source port %d on %v: %w", port, o.Flow.Source, err)
	}
	bound, err := unix.Getsockname(fd)
	return addrPort(bound).Port(), os.NewSyscallError("getsockname", err)
}
