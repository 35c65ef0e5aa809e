package datagram

import (
	"encoding/binary"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// message is what came out of a socket.
type message struct {
	control
	data []byte // valid until the next
	// peer is who sent it or, in the error queue, where the packet that the
	// ICMP message quotes was going to.
	peer netip.AddrPort
	at   stamp.Mono // right after recvmsg(2) returned
}

// builder builds the packets again of which a socket hands on a part.
type builder struct {
	protocol uint8 // of the probes
	icmp     uint8 // of the family
	source   netip.AddrPort
	buf      []byte
}

// complaint builds the ICMP message that the error queue told of, from its IP
// header on, about a probe. It returns the length of the whole, of which the
// packet leaves out what is behind join.SnapshotLen bytes. The packet is valid
// until the next.
func (b *builder) complaint(m message, about *head) (packet []byte, length int) {
	quoted := about.quoted(m.peer)
	if b.protocol == b.icmp { // the transport header is among the data
		quoted = quoted[:about.ip]
	}
	p := b.begin(m.control, m.offender, b.icmp, icmpHeaderLen+len(quoted)+len(m.data))
	start := len(p)
	p = append(p, m.kind, m.code, 0, 0)
	p = append(p, m.second(b.icmp, len(quoted))...)
	p = append(p, quoted...)
	p = append(p, m.data...)
	binary.BigEndian.PutUint16(p[start+2:], b.checksum(m.offender, p[start:]))
	return b.end(p)
}

// quoted returns the IP header and the start of the transport header of a probe,
// with the destination that was quoted: a translator may have changed it.
func (h *head) quoted(to netip.AddrPort) []byte {
	q := append([]byte(nil), h.bytes[:h.ip+startLen]...)
	copy(q[int(h.ip)-len(to.Addr().AsSlice()):], to.Addr().AsSlice()) // it is last
	if to.Port() != 0 {
		binary.BigEndian.PutUint16(q[h.ip+2:], to.Port())
	}
	return q
}

// second returns the second word of an ICMP error. headers is the length of what
// is quoted in front of the data: extensions are told from there.
func (c control) second(icmp uint8, headers int) []byte {
	if icmp == wire.ProtocolICMPv6 {
		return binary.BigEndian.AppendUint32(nil, c.info)
	}
	word := make([]byte, 4)
	if c.extensions() > 0 {
		word[1] = uint8((headers + c.extensions()) / 4) // RFC 4884, 4.1
	}
	switch {
	case c.kind == unreachable4 && c.code == fragNeeded:
		binary.BigEndian.PutUint16(word[2:], uint16(c.info)) // RFC 1191, 4
	case c.kind == parameter4:
		word[0] = uint8(c.info) // RFC 792: pointer
	}
	return word
}

// reply builds the packet that a datagram came in, from its IP header on, as
// complaint does.
func (b *builder) reply(m message) (packet []byte, length int) {
	if b.protocol == b.icmp {
		p := b.begin(m.control, m.peer.Addr(), b.icmp, len(m.data))
		return b.end(append(p, m.data...))
	}
	p := b.begin(m.control, m.peer.Addr(), b.protocol, wire.UDPHeaderLen+len(m.data))
	h := wire.UDP{SourcePort: m.peer.Port(), TargetPort: b.source.Port()}
	return b.end(h.Append(p, m.peer.Addr(), b.source.Addr(), m.data))
}

// begin returns the IP header of a packet to this host with that much payload.
func (b *builder) begin(c control, from netip.Addr, protocol uint8, payload int) []byte {
	if b.icmp == wire.ProtocolICMPv6 {
		return wire.IPv6{
			Source: from, Target: b.source.Addr(), TrafficClass: c.trafficClass,
			PayloadLength: payload, NextHeader: protocol, TTL: c.ttl,
		}.Append(b.buf[:0])
	}
	return wire.IPv4{
		Source: from, Target: b.source.Addr(), TrafficClass: c.trafficClass,
		Length: wire.IPv4HeaderLen + payload, TTL: c.ttl, Protocol: protocol,
	}.Append(b.buf[:0])
}

// end keeps the room for the next packet, and cuts this one.
func (b *builder) end(p []byte) (packet []byte, length int) {
	b.buf = p
	return p[:min(len(p), join.SnapshotLen)], len(p)
}

func (b *builder) checksum(from netip.Addr, message []byte) uint16 {
	if b.icmp == wire.ProtocolICMPv6 {
		return wire.TransportChecksum(from, b.source.Addr(), b.icmp, message)
	}
	return wire.Checksum(message)
}

const (
	icmpHeaderLen = 8
	unreachable4  = 3  // ICMP type (RFC 792)
	exceeded4     = 11 // ICMP type
	parameter4    = 12 // ICMP type
	fragNeeded    = 4  // code of unreachable4
	parameter6    = 4  // the last of ICMPv6's errors about a probe (RFC 4443)
)

// answers reports whether the ICMP message is one that a probe can bring about,
// by the same rule as package join.
func (c control) answers(ipv6 bool) bool {
	if !c.complaint(ipv6) {
		return false
	}
	if ipv6 {
		return c.kind >= 1 && c.kind <= parameter6
	}
	return c.kind == unreachable4 || c.kind == exceeded4 || c.kind == parameter4
}
