package datagram

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// header is what a socket is told of the IP headers to build. The IPv6 flow label
// goes with each packet instead.
type header struct {
	ttl, trafficClass uint8
	dontFragment      bool // IPv6: unused
	set               bool // false: the socket was never told
}

// outgoing is a probe, taken apart for a datagram socket.
type outgoing struct {
	header
	source    uint16 // port or echo identifier
	from      netip.Addr
	to        netip.AddrPort // port 0 with ICMP
	flowLabel uint32
	payload   []byte // of UDP; with ICMP, from its header on
	ip        []byte // the IP header
	transport []byte // from the transport header on
}

// parseProbe takes a probe apart.
func (o *Options) parseProbe(packet []byte) (outgoing, error) {
	p, protocol, err := parseIP(packet, o.Flow.IPv6())
	if err != nil {
		return p, fmt.Errorf("a probe to send: %w", err)
	}
	p.set = true
	p.ip, p.transport = packet[:len(packet)-len(p.payload)], p.payload
	switch {
	case protocol != o.Protocol:
		return p, fmt.Errorf("a probe of IP protocol %d: the socket is for %d", protocol, o.Protocol)
	case len(p.transport) < o.namingLen():
		return p, fmt.Errorf("a probe of %d bytes: too short to name itself", len(packet))
	case len(p.ip) > wire.IPv6HeaderLen || !o.Flow.IPv6() && len(p.ip) > wire.IPv4HeaderLen:
		return p, fmt.Errorf("a probe with IP options: the kernel would leave them out")
	}
	p.source = binary.BigEndian.Uint16(p.transport[4:])
	if protocol == wire.ProtocolUDP {
		p.source = binary.BigEndian.Uint16(p.transport)
		p.to = netip.AddrPortFrom(p.to.Addr(), binary.BigEndian.Uint16(p.transport[2:]))
		p.payload = p.transport[wire.UDPHeaderLen:]
	}
	return p, nil
}

// parseIP reads the IP header. The payload is then what follows it.
func parseIP(packet []byte, ipv6 bool) (p outgoing, protocol uint8, err error) {
	if ipv6 {
		h, rest, err := wire.ParseIPv6(packet)
		p.header = header{ttl: h.TTL, trafficClass: h.TrafficClass}
		p.from, p.to, p.flowLabel, p.payload = h.Source, netip.AddrPortFrom(h.Target, 0), h.FlowLabel, rest
		return p, h.NextHeader, err
	}
	h, rest, err := wire.ParseIPv4(packet)
	p.header = header{ttl: h.TTL, trafficClass: h.TrafficClass, dontFragment: h.DontFragment}
	p.from, p.to, p.payload = h.Source, netip.AddrPortFrom(h.Target, 0), rest
	return p, h.Protocol, err
}

// describe tells the socket what headers to build, where that has changed. It is
// done by socket options, for ping sockets of IPv6 take no control messages before
// Linux 5.18.
func (s *Socket) describe(h header) error {
	was := s.header
	s.header = header{} // unknown, if an option fails
	for _, o := range h.options(s.options.Flow.IPv6()) {
		if was.set && o.of(was) == o.of(h) {
			continue
		}
		if err := unix.SetsockoptInt(s.fd, o.level, o.option, o.of(h)); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	s.header = h
	return nil
}

// headerOption is a socket option and its value for a header.
type headerOption struct {
	level, option int
	of            func(header) int
}

func (h header) options(ipv6 bool) []headerOption {
	if ipv6 {
		return options6
	}
	return options4
}

var (
	options4 = []headerOption{
		{unix.SOL_IP, unix.IP_TTL, header.hops},
		{unix.SOL_IP, unix.IP_TOS, header.class},
		{unix.SOL_IP, unix.IP_MTU_DISCOVER, header.discovery},
	}
	options6 = []headerOption{
		{unix.SOL_IPV6, unix.IPV6_UNICAST_HOPS, header.hops},
		{unix.SOL_IPV6, unix.IPV6_TCLASS, header.class},
	}
)

func (h header) hops() int  { return int(h.ttl) }
func (h header) class() int { return int(h.trafficClass) }

// discovery returns how to treat path MTUs. Either way the interface's MTU
// alone bounds what is sent, and nothing is fragmented here.
func (h header) discovery() int {
	if h.dontFragment {
		return unix.IP_PMTUDISC_PROBE
	}
	return unix.IP_PMTUDISC_INTERFACE
}
