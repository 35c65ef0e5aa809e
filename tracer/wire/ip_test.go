package wire_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

var ipv4Tests = []struct {
	name, dump string
	header     wire.IPv4
}{{
	name: "plain",
	dump: "45 00 0073 0000 4000 40 11 b861 c0a80001 c0a800c7",
	header: wire.IPv4{
		Source: netip.MustParseAddr("192.168.0.1"), Target: netip.MustParseAddr("192.168.0.199"),
		Length: 115, DontFragment: true, TTL: 64, Protocol: wire.ProtocolUDP,
		Options: []byte{},
	},
}, {
	// The other words sum to 0x3ad7c, so the checksum is ^(0xad7c + 3).
	name: "all fields",
	dump: "46 b8 05dc beef 20b9 01 06 5280 c0000201 c6336402 94040000",
	header: wire.IPv4{
		Source: netip.MustParseAddr("192.0.2.1"), Target: netip.MustParseAddr("198.51.100.2"),
		TrafficClass: 0xb8, Length: 1500, ID: 0xbeef,
		MoreFragments: true, FragmentOffset: 1480, TTL: 1, Protocol: wire.ProtocolTCP,
		Options: []byte{0x94, 4, 0, 0},
	},
}}

func TestIPv4(t *testing.T) {
	for _, tt := range ipv4Tests {
		want := wiretest.Hex(t, tt.dump)
		if got := tt.header.Append(nil); !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, want % x", tt.name, got, want)
		}
		h, rest, err := wire.ParseIPv4(append(want, 1, 2, 3))
		if err != nil || !reflect.DeepEqual(h, tt.header) || !bytes.Equal(rest, []byte{1, 2, 3}) {
			t.Errorf("%s: parsed %+v, % x, %v", tt.name, h, rest, err)
		}
	}
}

func TestIPv4Oracle(t *testing.T) {
	for _, tt := range ipv4Tests {
		l := decodeIPv4(t, tt.header.Append(nil))
		got := wire.IPv4{
			Source: addr(l.SrcIP), Target: addr(l.DstIP),
			TrafficClass: l.TOS, Length: int(l.Length), ID: l.Id,
			DontFragment: l.Flags&2 != 0, MoreFragments: l.Flags&1 != 0,
			FragmentOffset: int(l.FragOffset) * 8, TTL: l.TTL, Protocol: uint8(l.Protocol),
			Options: l.Contents[20:],
		}
		if !reflect.DeepEqual(got, tt.header) {
			t.Errorf("%s: gopacket sees %+v", tt.name, got)
		}
	}
}

var ipv6Tests = []struct {
	name, dump string
	header     wire.IPv6
}{{
	name: "plain",
	dump: `60 00 0000 0014 3a 40 20010db8 00000000 00000000 00000001
		20010db8 00010000 00000000 00000002`,
	header: wire.IPv6{
		Source: netip.MustParseAddr("2001:db8::1"), Target: netip.MustParseAddr("2001:db8:1::2"),
		PayloadLength: 20, NextHeader: wire.ProtocolICMPv6, TTL: 64,
	},
}, {
	name: "all fields",
	dump: `6b 8a bcde ffff 11 01 fe800000 00000000 00000000 00000001
		ff020000 00000000 00000000 00000002`,
	header: wire.IPv6{
		Source: netip.MustParseAddr("fe80::1"), Target: netip.MustParseAddr("ff02::2"),
		TrafficClass: 0xb8, FlowLabel: 0xabcde,
		PayloadLength: 65535, NextHeader: wire.ProtocolUDP, TTL: 1,
	},
}}

func TestIPv6(t *testing.T) {
	for _, tt := range ipv6Tests {
		want := wiretest.Hex(t, tt.dump)
		if got := tt.header.Append(nil); !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, want % x", tt.name, got, want)
		}
		h, rest, err := wire.ParseIPv6(append(want, 1, 2, 3))
		if err != nil || h != tt.header || !bytes.Equal(rest, []byte{1, 2, 3}) {
			t.Errorf("%s: parsed %+v, % x, %v", tt.name, h, rest, err)
		}
	}
}

// A label of more than 20 bits doesn't run into the traffic class.
func TestIPv6CutsFlowLabel(t *testing.T) {
	h := wire.IPv6{Source: source6, Target: target6, FlowLabel: 0xffffffff}
	if b := h.Append(nil); !bytes.Equal(b[:4], []byte{0x60, 0x0f, 0xff, 0xff}) {
		t.Errorf("got % x", b)
	}
}

func TestIPv6Oracle(t *testing.T) {
	for _, tt := range ipv6Tests {
		l := decodeIPv6(t, tt.header.Append(nil))
		got := wire.IPv6{
			Source: addr(l.SrcIP), Target: addr(l.DstIP),
			TrafficClass: l.TrafficClass, FlowLabel: l.FlowLabel,
			PayloadLength: int(l.Length), NextHeader: uint8(l.NextHeader), TTL: l.HopLimit,
		}
		if got != tt.header {
			t.Errorf("%s: gopacket sees %+v", tt.name, got)
		}
	}
}
