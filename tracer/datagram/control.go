package datagram

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// control is what the kernel tells beside a datagram, or in the error queue
// beside the rest of a packet that was sent.
type control struct {
	// wall is the software stamp of SO_TIMESTAMPING in nanoseconds of
	// CLOCK_REALTIME; 0: none.
	wall int64
	// ttl and trafficClass are the answer's.
	ttl, trafficClass uint8
	// origin tells who put it into the error queue (SO_EE_ORIGIN_*); 0: it
	// does not come from there.
	origin uint8
	// kind and code are the ICMP type and code.
	kind, code uint8
	// info is the next hop's MTU or the pointer of ICMP, or the second word
	// of ICMPv6 as it is. Of a stamp, it tells where that was taken.
	info uint32
	// data is struct sock_ee_data_rfc4884, or the kernel's count of the
	// packet that was stamped.
	data [4]byte
	// offender is who sent the ICMP message.
	offender netip.Addr
}

// sizeofExtendedErr is that of struct sock_extended_err (linux/errqueue.h). The
// offender's address follows it.
const sizeofExtendedErr = 16

// parseControl reads control messages, and passes over what it does not know.
func parseControl(b []byte) control {
	var c control
	for h, data := range socket.Controls(b) {
		switch h.Level {
		case unix.SOL_SOCKET:
			c.fromSocket(h.Type, data)
		case unix.SOL_IP:
			c.fromIPv4(h.Type, data)
		case unix.SOL_IPV6:
			c.fromIPv6(h.Type, data)
		}
	}
	return c
}

// fromSocket reads struct scm_timestamping64, of which the first of three is
// the software stamp.
func (c *control) fromSocket(kind int32, data []byte) {
	if kind == unix.SO_TIMESTAMPING_NEW && len(data) >= 16 {
		seconds := int64(binary.NativeEndian.Uint64(data))
		c.wall = seconds*1e9 + int64(binary.NativeEndian.Uint64(data[8:]))
	}
}

func (c *control) fromIPv4(kind int32, data []byte) {
	switch {
	case kind == unix.IP_TTL && len(data) >= 4:
		c.ttl = uint8(binary.NativeEndian.Uint32(data))
	case kind == unix.IP_TOS && len(data) >= 1:
		c.trafficClass = data[0]
	case kind == unix.IP_RECVERR:
		c.fromErrorQueue(data)
	}
}

func (c *control) fromIPv6(kind int32, data []byte) {
	switch {
	case kind == unix.IPV6_HOPLIMIT && len(data) >= 4:
		c.ttl = uint8(binary.NativeEndian.Uint32(data))
	case kind == unix.IPV6_TCLASS && len(data) >= 4:
		c.trafficClass = uint8(binary.NativeEndian.Uint32(data))
	case kind == unix.IPV6_RECVERR:
		c.fromErrorQueue(data)
	}
}

// fromErrorQueue reads struct sock_extended_err and what is behind it.
func (c *control) fromErrorQueue(data []byte) {
	if len(data) < sizeofExtendedErr {
		return
	}
	c.origin, c.kind, c.code = data[4], data[5], data[6]
	c.info = binary.NativeEndian.Uint32(data[8:])
	c.data = [4]byte(data[12:])
	c.offender = parseAddr(data[sizeofExtendedErr:])
}

// parseAddr reads struct sockaddr_in or sockaddr_in6; any other is invalid.
func parseAddr(b []byte) netip.Addr {
	if len(b) < 2 {
		return netip.Addr{}
	}
	switch family := binary.NativeEndian.Uint16(b); {
	case family == unix.AF_INET && len(b) >= unix.SizeofSockaddrInet4:
		return netip.AddrFrom4([4]byte(b[4:]))
	case family == unix.AF_INET6 && len(b) >= unix.SizeofSockaddrInet6:
		return netip.AddrFrom16([16]byte(b[8:]))
	}
	return netip.Addr{}
}

// stamped reports whether it tells of a packet that was sent, and not of one that
// came in.
func (c control) stamped() bool { return c.origin == unix.SO_EE_ORIGIN_TIMESTAMPING && c.wall != 0 }

// key is the kernel's count of the packet that was stamped.
func (c control) key() uint32 { return binary.NativeEndian.Uint32(c.data[:]) }

// complaint reports whether it tells of an ICMP message of a family.
func (c control) complaint(ipv6 bool) bool {
	if ipv6 {
		return c.origin == unix.SO_EE_ORIGIN_ICMP6 && c.offender.Is6()
	}
	return c.origin == unix.SO_EE_ORIGIN_ICMP && c.offender.Is4()
}

// extensions returns how far behind the transport header an RFC 4884 structure
// begins, if the kernel says so (IP_RECVERR_RFC4884); 0: it doesn't.
func (c control) extensions() int { return int(binary.NativeEndian.Uint16(c.data[:])) }
