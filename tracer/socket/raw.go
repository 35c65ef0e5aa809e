package socket

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Options says what kind of raw socket to open.
type Options struct {
	// IPv6 chooses the family.
	IPv6 bool
	// Interface binds the socket to a device (SO_BINDTODEVICE); empty: don't.
	Interface string
	// Index is the device's index, the scope of link-local addresses.
	Index int
	// Source binds the socket to an address, so that the rules that choose a
	// routing table by it (ip rule from) apply: the kernel does not read them
	// out of the packet. Unset: don't.
	Source netip.Addr
}

// Raw sends whole IP packets. It implements tracer.Sender.
type Raw struct {
	fd   int
	opts Options
}

// ErrPermission reports that the kernel refuses raw sockets to this process.
// It is os.ErrPermission.
var ErrPermission = fmt.Errorf("raw sockets need CAP_NET_RAW: %w", os.ErrPermission)

// Open opens a raw socket in the calling thread's network namespace. Without
// CAP_NET_RAW the error is [ErrPermission].
func Open(o Options) (*Raw, error) {
	family := unix.AF_INET
	if o.IPv6 {
		family = unix.AF_INET6
	}
	// IPPROTO_RAW implies IP_HDRINCL, receives nothing, and so has no queue
	// that could fill (raw(7)).
	fd, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.IPPROTO_RAW)
	if errors.Is(err, unix.EPERM) {
		return nil, ErrPermission
	}
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	r := &Raw{fd, o}
	if err := errors.Join(r.bind(), r.ignoreCache()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Raw) bind() error {
	if r.opts.Interface != "" {
		if err := unix.BindToDevice(r.fd, r.opts.Interface); err != nil {
			return fmt.Errorf("binding to interface %s: %w", r.opts.Interface, err)
		}
	}
	if r.opts.Source.IsValid() {
		if err := unix.Bind(r.fd, sockaddr(r.opts.Source, 0, r.opts.Index)); err != nil {
			return fmt.Errorf("binding to source address %v: %w", r.opts.Source, err)
		}
	}
	return nil
}

// Cookie returns the socket's SO_COOKIE, by which the kernel half knows the
// probes from all other packets (bpf_get_socket_cookie).
func (r *Raw) Cookie() (uint64, error) {
	cookie, err := unix.GetsockoptUint64(r.fd, unix.SOL_SOCKET, unix.SO_COOKIE)
	return cookie, os.NewSyscallError("getsockopt SO_COOKIE", err)
}

// Send sends one IP packet to the destination in its header. The stamp is
// CLOCK_MONOTONIC just before sendto(2). A packet longer than the interface's
// MTU is refused (EMSGSIZE): the kernel does not fragment what it did not build. What
// it has cached of the path's MTU is not looked at.
func (r *Raw) Send(packet []byte) (stamp.Mono, error) {
	to, err := r.sockaddr(packet)
	if err != nil {
		return 0, err
	}
	now, err := Now()
	if err != nil {
		return 0, err
	}
	return now, SendError(unix.Sendto(r.fd, packet, 0, to), len(packet))
}

// SendError says why the kernel refused a packet of that many bytes. It wraps err; nil
// is nil.
func SendError(err error, size int) error {
	switch {
	case errors.Is(err, unix.EMSGSIZE):
		return fmt.Errorf("%d bytes are more than the interface's MTU: send a shorter packet: %w", size, err)
	case errors.Is(err, unix.EPERM):
		return fmt.Errorf("a local firewall refused the probe: %w", err)
	}
	return os.NewSyscallError("sendto", err)
}

// sockaddr reads the destination from the header (RFC 791, 3.1; RFC 8200, 3).
func (r *Raw) sockaddr(packet []byte) (unix.Sockaddr, error) {
	if r.opts.IPv6 && len(packet) >= 40 {
		to := &unix.SockaddrInet6{Addr: [16]byte(packet[24:40])}
		if netip.AddrFrom16(to.Addr).IsLinkLocalUnicast() {
			to.ZoneId = uint32(r.opts.Index)
		}
		return to, nil
	}
	if !r.opts.IPv6 && len(packet) >= 20 {
		return &unix.SockaddrInet4{Addr: [4]byte(packet[16:20])}, nil
	}
	return nil, fmt.Errorf("a packet of %d bytes holds no IP header", len(packet))
}

// Close closes the socket. Probes already sent go on.
func (r *Raw) Close() error { return os.NewSyscallError("close", unix.Close(r.fd)) }

// Now reads CLOCK_MONOTONIC, the clock of every stamp.
func Now() (stamp.Mono, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return 0, os.NewSyscallError("clock_gettime", err)
	}
	return stamp.Mono(ts.Nano()), nil
}
