package wire_test

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// These decode with gopacket, which shares no code with this package.

func decodeIPv4(t *testing.T, b []byte) *layers.IPv4 {
	t.Helper()
	l := new(layers.IPv4)
	if err := l.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		t.Fatal(err)
	}
	return l
}

func decodeIPv6(t *testing.T, b []byte) *layers.IPv6 {
	t.Helper()
	l := new(layers.IPv6)
	if err := l.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		t.Fatal(err)
	}
	return l
}

// decode decodes a transport segment and checks that its checksum is right.
func decode(t *testing.T, l gopacket.DecodingLayer, b []byte, source, target netip.Addr) {
	t.Helper()
	if err := l.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		t.Fatal(err)
	}
	var network gopacket.NetworkLayer = &layers.IPv4{SrcIP: source.AsSlice(), DstIP: target.AsSlice()}
	if source.Is6() {
		network = &layers.IPv6{SrcIP: source.AsSlice(), DstIP: target.AsSlice()}
	}
	if p, ok := l.(interface {
		SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
	}); ok {
		if err := p.SetNetworkLayerForChecksum(network); err != nil {
			t.Fatal(err)
		}
	}
	verify(t, l)
}

func verify(t *testing.T, l gopacket.DecodingLayer) {
	t.Helper()
	v, ok := l.(gopacket.LayerWithChecksum)
	if !ok {
		t.Fatalf("%T verifies no checksum", l)
	}
	err, result := v.VerifyChecksum()
	if err != nil || !result.Valid {
		t.Errorf("%T: checksum %#04x, want %#04x (%v)", l, result.Actual, result.Correct, err)
	}
}

func addr(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a
}
