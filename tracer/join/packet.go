package join

import (
	"encoding/binary"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// startLen is how much of the transport header names a probe (RFC 792).
const startLen = 8

// packet is what joining looks at of a probe, an answer or a quote. IPv6
// extension headers are not skipped: probes have none and answers need none.
type packet struct {
	source, target netip.Addr
	protocol       uint8
	id             uint16 // IPv4 identification; IPv6: 0
	length         int    // of the whole packet, as its header claims
	header         int    // length of the IP header
	body           []byte // from the transport header on, startLen bytes or more
}

// parse reads a packet that may be cut short. Later fragments hold no transport
// header, so they are no packets here.
func parse(b []byte) (packet, bool) {
	if len(b) > 0 && b[0]>>4 == 6 {
		return parse6(b)
	}
	h, body, err := wire.ParseIPv4(b)
	if err != nil || h.FragmentOffset != 0 || len(body) < startLen {
		return packet{}, false
	}
	return packet{h.Source, h.Target, h.Protocol, h.ID, h.Length, h.HeaderLen(), body}, true
}

func parse6(b []byte) (packet, bool) {
	h, body, err := wire.ParseIPv6(b)
	if err != nil || len(body) < startLen {
		return packet{}, false
	}
	length := wire.IPv6HeaderLen + h.PayloadLength
	return packet{h.Source, h.Target, h.NextHeader, 0, length, wire.IPv6HeaderLen, body}, true
}

// start returns the first bytes of the transport header.
func (p packet) start() [startLen]byte { return [startLen]byte(p.body) }

// ident returns the identifier of a probe, sent or quoted: the UDP checksum, the
// echo's sequence number and the low half of TCP's all lie there.
func (p packet) ident() uint16 { return p.word(6) }

// word returns 16 bits of the transport header.
func (p packet) word(at int) uint16 { return binary.BigEndian.Uint16(p.body[at:]) }

func (p packet) ipv6() bool { return p.source.Is6() }

// icmp reports whether the packet is of the ICMP of its family.
func (p packet) icmp() bool {
	if p.ipv6() {
		return p.protocol == wire.ProtocolICMPv6
	}
	return p.protocol == wire.ProtocolICMP
}

// icmpError reports whether it is an ICMP error that a probe can bring about:
// those of RFC 792, all of RFC 4443.
func (p packet) icmpError() bool {
	switch kind := p.body[0]; {
	case !p.icmp():
		return false
	case p.ipv6():
		return kind >= 1 && kind <= 4
	default:
		return kind == 3 || kind == 11 || kind == 12
	}
}

func (p packet) echoReply() bool {
	if p.ipv6() {
		return p.icmp() && p.body[0] == 129
	}
	return p.icmp() && p.body[0] == 0
}
