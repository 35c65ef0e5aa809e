package wire_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"

	"github.com/gopacket/gopacket/layers"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

var (
	source4 = netip.MustParseAddr("192.0.2.1")
	target4 = netip.MustParseAddr("198.51.100.2")
	source6 = netip.MustParseAddr("2001:db8::1")
	target6 = netip.MustParseAddr("2001:db8:1::2")
)

func TestUDP(t *testing.T) {
	tests := []struct {
		name           string
		source, target netip.Addr
		payload        string
		dump           string
	}{
		// The IPv4 addresses sum to 0x1ec36, all words of the first line but
		// the checksum to 0x3dc5c, so that is ^(0xdc5c + 3).
		{"IPv4", source4, target4, "1234 beef", "9c40 829a 000c 23a0 1234 beef"},
		{"IPv4, odd", source4, target4, "1234 be", "9c40 829a 000b 2491 1234 be"},
		{"IPv6", source6, target6, "1234 beef", "9c40 829a 000c b461 1234 beef"},
		{"checksum 0 is sent as 0xffff", source4, target4, "1234 e28f", "9c40 829a 000c ffff 1234 e28f"},
	}
	for _, tt := range tests {
		want, payload := wiretest.Hex(t, tt.dump), wiretest.Hex(t, tt.payload)
		got := wire.UDP{SourcePort: 40000, TargetPort: 33434}.Append(nil, tt.source, tt.target, payload)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, want % x", tt.name, got, want)
		}
		h, rest, err := wire.ParseUDP(got)
		if err != nil || h.SourcePort != 40000 || h.TargetPort != 33434 || h.Length != len(got) ||
			h.Checksum == 0 || !bytes.Equal(rest, payload) {
			t.Errorf("%s: parsed %+v, % x, %v", tt.name, h, rest, err)
		}
		l := new(layers.UDP)
		decode(t, l, got, tt.source, tt.target)
		if uint16(l.SrcPort) != h.SourcePort || uint16(l.DstPort) != h.TargetPort || int(l.Length) != h.Length {
			t.Errorf("%s: gopacket sees %+v", tt.name, l)
		}
	}
}

func TestTCP(t *testing.T) {
	syn := wire.TCP{
		SourcePort: 40000, TargetPort: 80, Sequence: 0xbeef1234,
		Flags: wire.FlagSYN, Window: 64240, Options: wire.MSS(1460),
	}
	synAck := wire.TCP{
		SourcePort: 80, TargetPort: 40000, Sequence: 1, Acknowledgment: 0xbeef1235,
		Flags: wire.FlagSYN | wire.FlagACK, Window: 64240, Options: []byte{},
	}
	reset := wire.TCP{
		SourcePort: 80, TargetPort: 40000, Acknowledgment: 0xbeef1235,
		Flags: wire.FlagRST | wire.FlagACK, Options: []byte{},
	}
	tests := []struct {
		name           string
		header         wire.TCP
		source, target netip.Addr
		dump           string
	}{
		{"SYN over IPv4", syn, source4, target4, "9c40 0050 beef1234 00000000 60 02 faf0 434a 0000 02 04 05b4"},
		{"SYN over IPv6", syn, source6, target6, "9c40 0050 beef1234 00000000 60 02 faf0 d40b 0000 02 04 05b4"},
		{"SYN-ACK", synAck, target4, source4, "0050 9c40 00000001 beef1235 50 12 faf0 5af4 0000"},
		{"RST-ACK", reset, target4, source4, "0050 9c40 00000000 beef1235 50 14 0000 55e4 0000"},
	}
	for _, tt := range tests {
		want := wiretest.Hex(t, tt.dump)
		got := tt.header.Append(nil, tt.source, tt.target, nil)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, want % x", tt.name, got, want)
		}
		h, rest, err := wire.ParseTCP(got)
		sum := h.Checksum
		h.Checksum = 0
		if err != nil || !reflect.DeepEqual(h, tt.header) || len(rest) != 0 {
			t.Errorf("%s: parsed %+v, % x, %v", tt.name, h, rest, err)
		}
		l := new(layers.TCP)
		decode(t, l, got, tt.source, tt.target)
		if l.Seq != h.Sequence || l.Ack != h.Acknowledgment || l.Window != h.Window || l.Checksum != sum ||
			l.SYN != h.Flags.Has(wire.FlagSYN) || l.ACK != h.Flags.Has(wire.FlagACK) ||
			l.RST != h.Flags.Has(wire.FlagRST) {
			t.Errorf("%s: gopacket sees %+v", tt.name, l)
		}
	}
}

func TestParseTransportErrors(t *testing.T) {
	syn := wire.TCP{Flags: wire.FlagSYN, Options: wire.MSS(1460)}.Append(nil, source4, target4, nil)
	tests := []struct {
		segment []byte
		want    string
	}{
		{syn[:19], "TCP header: 19 bytes where 20 are needed"},
		{syn[:23], "TCP header: 23 bytes where 24 are needed"},
		{edit(syn, 12, 0x40), "TCP header: claims a length of 16 bytes"},
	}
	for _, tt := range tests {
		_, rest, err := wire.ParseTCP(tt.segment)
		if rest != nil || err == nil || err.Error() != tt.want {
			t.Errorf("got % x, %v, want %s", rest, err, tt.want)
		}
	}
	if _, _, err := wire.ParseUDP(make([]byte, 7)); err == nil {
		t.Error("7 bytes were parsed as UDP")
	}
	if _, _, err := wire.ParseEcho(make([]byte, 7), false); err == nil {
		t.Error("7 bytes were parsed as an echo")
	}
}

func TestEcho(t *testing.T) {
	tests := []struct {
		name           string
		reply          bool
		source, target netip.Addr
		dump           string
	}{
		{"request over IPv4", false, source4, target4, "08 00 179d 9c40 1234 edcb 2122 23"},
		{"reply over IPv4", true, target4, source4, "00 00 1f9d 9c40 1234 edcb 2122 23"},
		{"request over IPv6", false, source6, target6, "80 00 43df 9c40 1234 edcb 2122 23"},
		{"reply over IPv6", true, target6, source6, "81 00 42df 9c40 1234 edcb 2122 23"},
	}
	for _, tt := range tests {
		want := wiretest.Hex(t, tt.dump)
		v6 := tt.source.Is6()
		header := wire.Echo{Reply: tt.reply, ID: 40000, Sequence: 0x1234}
		got := header.Append(nil, tt.source, tt.target, want[8:])
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, want % x", tt.name, got, want)
		}
		h, rest, err := wire.ParseEcho(got, v6)
		h.Checksum = 0
		if err != nil || h != header || !bytes.Equal(rest, want[8:]) {
			t.Errorf("%s: parsed %+v, % x, %v", tt.name, h, rest, err)
		}
		if _, _, err := wire.ParseEcho(got, !v6); err == nil {
			t.Errorf("%s: parsed as one of the other family", tt.name)
		}
		if _, _, err := wire.ParseEcho(edit(got, 1, 1), v6); err == nil {
			t.Errorf("%s: parsed with code 1", tt.name)
		}
		if v6 {
			decode(t, new(layers.ICMPv6), got, tt.source, tt.target)
			continue
		}
		l := new(layers.ICMPv4)
		decode(t, l, got, tt.source, tt.target)
		if l.Id != h.ID || l.Seq != h.Sequence {
			t.Errorf("%s: gopacket sees %+v", tt.name, l)
		}
	}
}
