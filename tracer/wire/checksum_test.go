package wire_test

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

func TestChecksum(t *testing.T) {
	tests := []struct {
		name string
		b    []byte
		want uint16
	}{
		{"nothing", nil, 0xffff},
		{"one byte", []byte{0x12}, 0xedff},
		{"the example of RFC 1071, 3", []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, ^uint16(0xddf2)},
		{"carry out of the carry", []byte{0xff, 0xff, 0xff, 0xff, 0x00, 0x01}, 0xfffe},
		{"holds its own", []byte{0x12, 0x34, 0xed, 0xcb}, 0},
	}
	for _, tt := range tests {
		if got := wire.Checksum(tt.b); got != tt.want {
			t.Errorf("%s: got %#04x, want %#04x", tt.name, got, tt.want)
		}
	}
}

func TestChecksumAgainstSlowSum(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		b := make([]byte, random.IntN(200))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		if got, want := wire.Checksum(b), wiretest.Checksum(b); got != want {
			t.Fatalf("% x: got %#04x, want %#04x", b, got, want)
		}
	}
}

func TestChecksumOfLongestPacket(t *testing.T) {
	b := make([]byte, 65535)
	for i := range b {
		b[i] = 0xff
	}
	if got, want := wire.Checksum(b), wiretest.Checksum(b); got != want {
		t.Errorf("got %#04x, want %#04x", got, want)
	}
}

// The pseudo-headers are written out here as the RFCs draw them.
func TestPseudoHeader(t *testing.T) {
	tests := []struct{ name, source, target, drawn string }{
		{"IPv4", "192.0.2.1", "198.51.100.2", "c0000201 c6336402 00 11 1234"},
		{"IPv6", "2001:db8::1", "2001:db8:1::2", `20010db8 00000000 00000000 00000001
			20010db8 00010000 00000000 00000002 00001234 000000 11`},
	}
	for _, tt := range tests {
		source, target := netip.MustParseAddr(tt.source), netip.MustParseAddr(tt.target)
		got := wire.PseudoHeader(source, target, wire.ProtocolUDP, 0x1234).Checksum()
		if want := wiretest.Checksum(wiretest.Hex(t, tt.drawn)); got != want {
			t.Errorf("%s: got %#04x, want %#04x", tt.name, got, want)
		}
	}
}
