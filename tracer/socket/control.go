package socket

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// control is what the kernel tells beside a packet, or instead of one.
type control struct {
	// stamp is the software stamp of SO_TIMESTAMPING; 0: none.
	stamp wallTime
	// dropped is how many packets the socket has lost to a full queue
	// (SO_RXQ_OVFL). The kernel leaves it out while it is 0.
	dropped uint32
	// to, hopLimit and trafficClass are the answer's (RFC 3542); IPv6 only.
	to                     netip.Addr
	hopLimit, trafficClass uint8
	// reported says that this is a stamp of a packet that was sent, with its
	// key, and sched which one.
	reported, sched bool
	key             uint32
}

// parseControl reads control messages, and passes over what it does not know.
func parseControl(b []byte) control {
	var c control
	for h, data := range Controls(b) {
		switch h.Level {
		case unix.SOL_SOCKET:
			c.fromSocket(h.Type, data)
		case unix.SOL_IP:
			if h.Type == unix.IP_RECVERR {
				c.fromErrorQueue(data)
			}
		case unix.SOL_IPV6:
			c.fromIPv6(h.Type, data)
		}
	}
	return c
}

// fromSocket reads struct scm_timestamping64, of which the first of three is
// the software stamp.
func (c *control) fromSocket(kind int32, data []byte) {
	switch {
	case kind == unix.SO_TIMESTAMPING_NEW && len(data) >= 16:
		seconds := binary.NativeEndian.Uint64(data)
		c.stamp = wallTime(seconds*1e9 + binary.NativeEndian.Uint64(data[8:]))
	case kind == unix.SO_RXQ_OVFL && len(data) >= 4:
		c.dropped = binary.NativeEndian.Uint32(data)
	}
}

// fromErrorQueue reads struct sock_extended_err.
func (c *control) fromErrorQueue(data []byte) {
	if len(data) < 16 || data[4] != unix.SO_EE_ORIGIN_TIMESTAMPING {
		return
	}
	c.reported = true
	c.sched = binary.NativeEndian.Uint32(data[8:]) == unix.SCM_TSTAMP_SCHED
	c.key = binary.NativeEndian.Uint32(data[12:])
}

func (c *control) fromIPv6(kind int32, data []byte) {
	switch {
	case kind == unix.IPV6_RECVERR:
		c.fromErrorQueue(data)
	case kind == unix.IPV6_PKTINFO && len(data) >= 16:
		c.to = netip.AddrFrom16([16]byte(data))
	case kind == unix.IPV6_HOPLIMIT && len(data) >= 4:
		c.hopLimit = uint8(binary.NativeEndian.Uint32(data))
	case kind == unix.IPV6_TCLASS && len(data) >= 4:
		c.trafficClass = uint8(binary.NativeEndian.Uint32(data))
	}
}
