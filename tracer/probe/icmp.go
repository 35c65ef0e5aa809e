package probe

import (
	"encoding/binary"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// icmpMark is the part of the payload that keeps the checksum constant.
const icmpMark = 2

// ICMP probes with echo requests whose sequence number is the identifier. The
// first two bytes of payload are its complement, plus the flow's variant: together
// they add that variant to the checksum, which so depends on the flow alone.
// Without a size of their own they are 60 bytes long, over IPv6 80.
type ICMP struct{}

// Name returns "icmp".
func (ICMP) Name() string { return "icmp" }

// Number returns 1, for IPv6 58.
func (ICMP) Number(ipv6 bool) uint8 {
	if ipv6 {
		return wire.ProtocolICMPv6
	}
	return wire.ProtocolICMP
}

// DefaultPort returns 0: ICMP has no ports.
func (ICMP) DefaultPort() uint16 { return 0 }

// MinSize returns 30, for IPv6 50.
func (ICMP) MinSize(ipv6 bool) int { return headerSize(ipv6) + wire.EchoHeaderLen + icmpMark }

// Marshal implements [Protocol].
func (p ICMP) Marshal(f Flow, ttl uint8, ident uint16) ([]byte, error) {
	size := headerSize(f.IPv6()) + wire.EchoHeaderLen + defaultPayload
	packet, err := f.begin(p, size, ttl, ident)
	if err != nil {
		return nil, err
	}
	payload := fill(cap(packet) - len(packet) - wire.EchoHeaderLen)
	mark := wire.Sum(0).AddWord(^ident).AddWord(f.Variant).Fold()
	binary.BigEndian.PutUint16(payload, mark)
	header := wire.Echo{ID: f.SourcePort, Sequence: ident}
	return header.Append(packet, f.Source, f.Target, payload), nil
}

// Vary counts the checksum's variant up: with type and code it is what per-flow
// balancers take for the ports (Augustin et al., IMC 2006, section 2). The
// echo identifier stays, by which the kernel half knows answers.
func (ICMP) Vary(f Flow, n int) Flow {
	f.Variant = uint16((int(f.Variant) + n) % 0xffff)
	return f
}

// Arrived takes an echo reply.
func (ICMP) Arrived(a wire.Answer) bool { return a.Kind == wire.EchoReply }
