package wire

import (
	"bytes"
	"net/netip"

	"golang.org/x/net/icmp"
)

// Kind tells what sort of packet answers a probe.
type Kind uint8

// The kinds of answers. Which of them mean that the target was reached is for
// the prober to say: it depends on what was sent.
const (
	TimeExceeded     Kind = iota + 1 // ICMP 11 code 0 (RFC 792), ICMPv6 3 code 0 (RFC 4443, 3.3)
	Unreachable                      // ICMP 3 (RFC 792, RFC 1812 5.2.7.1), ICMPv6 1 (RFC 4443, 3.1)
	PacketTooBig                     // ICMP 3 code 4 (RFC 1191), ICMPv6 2 (RFC 4443, 3.2)
	ParameterProblem                 // ICMP 12, ICMPv6 4
	EchoReply                        // ICMP 0, ICMPv6 129
	SynAck                           // TCP SYN and ACK set
	Reset                            // TCP RST set
	UDPReply                         // a UDP datagram
)

// Answer is what a packet that answers a probe says.
type Answer struct {
	// From is the source address of the packet.
	From netip.Addr
	// TTL is the TTL or hop limit that the packet arrived with.
	TTL uint8
	// TrafficClass is the TOS byte or traffic class that it arrived with.
	TrafficClass uint8
	// ID is the IPv4 identification; 0 with IPv6.
	ID uint16
	// Length is the packet's whole length in bytes, IP header included, as that
	// claims.
	Length int
	Kind   Kind
	// Type and Code are the ICMP type and code; valid iff ICMP.
	Type, Code uint8
	// ICMP says that the answer is an ICMP or ICMPv6 message.
	ICMP bool
	// MTU is the next hop's MTU in bytes; valid iff Kind is PacketTooBig.
	// Routers older than RFC 1191 leave it 0.
	MTU int
	// Quote is the packet that the message quotes; nil unless the message
	// is an ICMP error.
	Quote *Quote
	// Extensions are the objects of an RFC 4884 extension structure.
	Extensions []icmp.Extension
}

// Quote is the part of a probe that an ICMP error carries back.
type Quote struct {
	Source, Target netip.Addr
	// Protocol is the IP protocol number or the IPv6 next header, that of
	// the last extension header if there are any.
	Protocol uint8
	// TTL is the TTL or hop limit as the router saw it: 1 as a rule, 0 or
	// more than 1 from some.
	TTL uint8
	// TrafficClass is the TOS byte or traffic class as the router saw it.
	TrafficClass uint8
	// ID is the IPv4 identification; 0 with IPv6.
	ID uint16
	// FlowLabel is the IPv6 flow label; 0 with IPv4.
	FlowLabel uint32
	// DontFragment is IPv4's DF bit; false with IPv6.
	DontFragment bool
	// Length is the length in bytes that the quoted IP header claims for
	// the whole packet, header included.
	Length int
	// Transport is what is quoted behind the IP header: at least 8 bytes
	// (RFC 792), often more. It aliases the bytes that were parsed.
	Transport []byte
}

// Kept returns the answer with a quote of its own, which stays as it is when the
// bytes that were parsed are used for the next packet.
func (a Answer) Kept() Answer {
	if a.Quote != nil {
		q := *a.Quote
		q.Transport = bytes.Clone(q.Transport)
		a.Quote = &q
	}
	return a
}

// PortUnreachable reports ICMP 3 code 3 or ICMPv6 1 code 4.
func (a Answer) PortUnreachable() bool {
	if a.Kind != Unreachable {
		return false
	}
	if a.From.Is4() {
		return a.Code == 3
	}
	return a.Code == 4
}
