package wire_test

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

var (
	router4 = netip.MustParseAddr("203.0.113.7")
	router6 = netip.MustParseAddr("2001:db8:7::7")
)

// probe4 returns a UDP probe as a router sees it when its TTL runs out.
func probe4(payload int) []byte {
	b := wire.IPv4{
		Source: source4, Target: target4, TrafficClass: 0x20,
		Length: 28 + payload, ID: 0xacdb, DontFragment: true, TTL: 1, Protocol: wire.ProtocolUDP,
	}.Append(nil)
	return wire.UDP{SourcePort: 40000, TargetPort: 33434}.Append(b, source4, target4, make([]byte, payload))
}

func probe6(payload int) []byte {
	b := wire.IPv6{
		Source: source6, Target: target6, TrafficClass: 0x20, FlowLabel: 0xabcde,
		PayloadLength: 8 + payload, TTL: 1, NextHeader: wire.ProtocolUDP,
	}.Append(nil)
	return wire.UDP{SourcePort: 40000, TargetPort: 33434}.Append(b, source6, target6, make([]byte, payload))
}

func quote4(payload int) *wire.Quote {
	return &wire.Quote{
		Source: source4, Target: target4, Protocol: wire.ProtocolUDP, TTL: 1, TrafficClass: 0x20,
		ID: 0xacdb, DontFragment: true, Length: 28 + payload, Transport: probe4(payload)[20:],
	}
}

func quote6(payload int) *wire.Quote {
	return &wire.Quote{
		Source: source6, Target: target6, Protocol: wire.ProtocolUDP, TTL: 1, TrafficClass: 0x20,
		FlowLabel: 0xabcde, Length: 48 + payload, Transport: probe6(payload)[40:],
	}
}

// error4 is an ICMP error about probe4(32), of the given type and code.
func error4(typ, code uint8) wiretest.ICMPError {
	return wiretest.ICMPError{
		From: router4, To: source4, Type: typ, Code: code, TTL: 61, TrafficClass: 0xc0, Quote: probe4(32),
	}
}

func error6(typ, code uint8) wiretest.ICMPError {
	return wiretest.ICMPError{
		From: router6, To: source6, Type: typ, Code: code, TTL: 61, TrafficClass: 0xc0, Quote: probe6(32),
	}
}

// direct4 wraps a segment from the target in an IPv4 header.
func direct4(protocol uint8, segment []byte) []byte {
	return append(wire.IPv4{
		Source: target4, Target: source4, Length: 20 + len(segment), TTL: 55, Protocol: protocol,
	}.Append(nil), segment...)
}

func direct6(protocol uint8, segment []byte) []byte {
	return append(wire.IPv6{
		Source: target6, Target: source6, PayloadLength: len(segment), TTL: 55, NextHeader: protocol,
	}.Append(nil), segment...)
}
