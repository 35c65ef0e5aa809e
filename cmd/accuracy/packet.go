package main

import (
	"encoding/binary"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// packet is what matching needs to know of an IP packet.
type packet struct {
	proto    layers.IPProtocol
	src, dst netip.Addr
	ttl      int    // or hop limit
	id       uint16 // 0 in IPv6
	// body is what follows the IP header, as far as it was captured or
	// quoted.
	body []byte
}

// parsePacket reads an IP packet, which may be cut short behind its header.
func parsePacket(b []byte) (packet, bool) {
	if len(b) == 0 {
		return packet{}, false
	}
	if b[0]>>4 == 6 {
		return parseV6(b)
	}
	return parseV4(b)
}

func parseV4(b []byte) (packet, bool) {
	var ip layers.IPv4
	if ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback) != nil || ip.Version != 4 {
		return packet{}, false
	}
	src, _ := netip.AddrFromSlice(ip.SrcIP)
	dst, _ := netip.AddrFromSlice(ip.DstIP)
	return packet{proto: ip.Protocol, src: src, dst: dst, ttl: int(ip.TTL), id: ip.Id, body: ip.Payload}, true
}

// parseV6 leaves packets with extension headers to be ignored: no tracer sends
// them, and the kernel does for its own multicast reports.
func parseV6(b []byte) (packet, bool) {
	var ip layers.IPv6
	if ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback) != nil {
		return packet{}, false
	}
	src, _ := netip.AddrFromSlice(ip.SrcIP)
	dst, _ := netip.AddrFromSlice(ip.DstIP)
	return packet{proto: ip.NextHeader, src: src, dst: dst, ttl: int(ip.HopLimit), body: ip.Payload}, true
}

// icmp returns the message's type, whichever the family.
func (p packet) icmp() (kind byte, ok bool) {
	ok = (p.proto == layers.IPProtocolICMPv4 || p.proto == layers.IPProtocolICMPv6) && len(p.body) >= 8
	if !ok {
		return 0, false
	}
	return p.body[0], true
}

// isEcho reports whether p is an echo request.
func (p packet) isEcho() bool {
	kind, ok := p.icmp()
	return ok && (p.proto == layers.IPProtocolICMPv4 && kind == layers.ICMPv4TypeEchoRequest ||
		p.proto == layers.IPProtocolICMPv6 && kind == layers.ICMPv6TypeEchoRequest)
}

// isEchoReply reports whether p is one.
func (p packet) isEchoReply() bool {
	kind, ok := p.icmp()
	return ok && (p.proto == layers.IPProtocolICMPv4 && kind == layers.ICMPv4TypeEchoReply ||
		p.proto == layers.IPProtocolICMPv6 && kind == layers.ICMPv6TypeEchoReply)
}

// quoted returns the packet that an ICMP error is about. Errors are the types
// below 128 of ICMPv6 (RFC 4443, 2.1), and four of ICMP (RFC 1122, 3.2.2).
func (p packet) quoted() (packet, bool) {
	kind, ok := p.icmp()
	if !ok {
		return packet{}, false
	}
	if p.proto == layers.IPProtocolICMPv6 {
		ok = kind < 128
	} else {
		ok = kind == layers.ICMPv4TypeDestinationUnreachable || kind == layers.ICMPv4TypeTimeExceeded ||
			kind == layers.ICMPv4TypeParameterProblem || kind == layers.ICMPv4TypeSourceQuench
	}
	if !ok {
		return packet{}, false
	}
	return parsePacket(p.body[8:])
}

// tcp returns the flags, sequence and acknowledgement numbers (RFC 9293, 3.1).
func (p packet) tcp() (flags byte, seq, ack uint32, ok bool) {
	if p.proto != layers.IPProtocolTCP || len(p.body) < 14 {
		return 0, 0, 0, false
	}
	return p.body[13], binary.BigEndian.Uint32(p.body[4:]), binary.BigEndian.Uint32(p.body[8:]), true
}

const (
	flagSYN = 1 << 1
	flagACK = 1 << 4
)
