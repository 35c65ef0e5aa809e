package wire_test

import (
	"reflect"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

func TestParseAnswerErrors(t *testing.T) {
	tests := []struct {
		name      string
		typ, code uint8
		v6        bool
		mtu       int
		want      wire.Kind
	}{
		{name: "TTL exceeded", typ: 11, want: wire.TimeExceeded},
		{name: "reassembly time exceeded", typ: 11, code: 1},
		{name: "net unreachable", typ: 3, want: wire.Unreachable},
		{name: "port unreachable", typ: 3, code: 3, want: wire.Unreachable},
		{name: "prohibited", typ: 3, code: 13, want: wire.Unreachable},
		{name: "fragmentation needed", typ: 3, code: 4, mtu: 1400, want: wire.PacketTooBig},
		{name: "fragmentation needed, old router", typ: 3, code: 4, want: wire.PacketTooBig},
		{name: "parameter problem", typ: 12, want: wire.ParameterProblem},
		{name: "source quench", typ: 4},
		{name: "redirect", typ: 5, code: 1},
		{name: "echo request", typ: 8},
		{name: "hop limit exceeded", typ: 3, v6: true, want: wire.TimeExceeded},
		{name: "reassembly time exceeded", typ: 3, code: 1, v6: true},
		{name: "no route", typ: 1, v6: true, want: wire.Unreachable},
		{name: "port unreachable", typ: 1, code: 4, v6: true, want: wire.Unreachable},
		{name: "packet too big", typ: 2, mtu: 1280, v6: true, want: wire.PacketTooBig},
		{name: "jumbo packet too big", typ: 2, mtu: 100000, v6: true, want: wire.PacketTooBig},
		{name: "parameter problem", typ: 4, code: 1, v6: true, want: wire.ParameterProblem},
		{name: "echo request", typ: 128, v6: true},
		{name: "neighbour advertisement", typ: 136, v6: true},
	}
	for _, tt := range tests {
		message, quote := error4(tt.typ, tt.code), quote4(32)
		if tt.v6 {
			message, quote = error6(tt.typ, tt.code), quote6(32)
		}
		message.MTU = tt.mtu
		packet, id := message.Packet(), uint16(0)
		if !tt.v6 {
			packet[4], packet[5], id = 0xca, 0xfe, 0xcafe // the header's checksum is not looked at
		}
		got, err := wire.ParseAnswer(packet)
		want := wire.Answer{
			From: message.From, TTL: 61, TrafficClass: 0xc0, ID: id, Length: len(packet),
			Kind: tt.want, ICMP: true, Type: tt.typ, Code: tt.code, MTU: tt.mtu, Quote: quote,
		}
		if tt.want == 0 {
			wantParseError(t, tt.name, got, err)
		} else if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s (v6 %v): got %+v, %v, want %+v", tt.name, tt.v6, got, err, want)
		}
	}
}

func wantParseError(t *testing.T, name string, got wire.Answer, err error) {
	t.Helper()
	if _, ok := err.(*wire.ParseError); !ok {
		t.Errorf("%s: got %+v, %v, want a ParseError", name, got, err)
	}
	if !reflect.DeepEqual(got, wire.Answer{}) {
		t.Errorf("%s: an error comes with %+v", name, got)
	}
}

func TestParseAnswerDirect(t *testing.T) {
	tcp := func(flags wire.TCPFlags) []byte {
		return wire.TCP{SourcePort: 80, TargetPort: 40000, Flags: flags}.Append(nil, target4, source4, nil)
	}
	udp := wire.UDP{SourcePort: 33434, TargetPort: 40000}.Append(nil, target4, source4, []byte("hello"))
	echo := wire.Echo{Reply: true, ID: 40000, Sequence: 7}
	const ack, rst, syn = wire.FlagACK, wire.FlagRST, wire.FlagSYN
	tests := []struct {
		name   string
		packet []byte
		want   wire.Kind
	}{
		{"SYN-ACK", direct4(6, tcp(syn|ack)), wire.SynAck},
		{"SYN-ACK over IPv6", direct6(6, tcp(syn|ack)), wire.SynAck},
		{"RST-ACK", direct4(6, tcp(rst|ack)), wire.Reset},
		{"RST", direct4(6, tcp(rst)), wire.Reset},
		{"RST beats SYN-ACK", direct4(6, tcp(rst|syn|ack)), wire.Reset},
		{"SYN alone", direct4(6, tcp(syn)), 0},
		{"ACK alone", direct4(6, tcp(ack)), 0},
		{"UDP", direct4(17, udp), wire.UDPReply},
		{"UDP over IPv6", direct6(17, udp), wire.UDPReply},
		{"echo reply", direct4(1, echo.Append(nil, target4, source4, nil)), wire.EchoReply},
		{"echo reply over IPv6", direct6(58, echo.Append(nil, target6, source6, nil)), wire.EchoReply},
		{"ICMP over IPv6", direct6(1, echo.Append(nil, target6, source6, nil)), 0},
		{"ICMPv6 over IPv4", direct4(58, echo.Append(nil, target4, source4, nil)), 0},
		{"GRE", direct4(47, udp), 0},
		{"behind destination options", direct6(60, append([]byte{17, 0, 1, 4, 0, 0, 0, 0}, udp...)), wire.UDPReply},
		{"first fragment", direct6(44, append([]byte{17, 99, 0, 1, 0, 0, 0, 0}, udp...)), wire.UDPReply},
		{"first fragment over IPv4", edit(direct4(17, udp), 6, 0x20, 0), wire.UDPReply},
		{"second fragment over IPv4", edit(direct4(17, udp), 6, 0, 1), 0},
		{"shorter than its header", edit(direct4(17, udp), 2, 0, 19), 0},
		{"UDP header cut by the IP length", edit(direct4(17, udp), 2, 0, 27), 0},
		{"UDP header cut by the payload length", edit(direct6(17, udp), 4, 0, 7), 0},
		{"second fragment", direct6(44, append([]byte{17, 0, 0, 9, 0, 0, 0, 0}, udp...)), 0},
		{"no IP", []byte{0x50, 0, 0, 0}, 0},
		{"nothing", nil, 0},
	}
	for _, tt := range tests {
		got, err := wire.ParseAnswer(tt.packet)
		if tt.want == 0 {
			wantParseError(t, tt.name, got, err)
			continue
		}
		if err != nil || got.Kind != tt.want || got.TTL != 55 || got.Quote != nil ||
			got.ICMP != (tt.want == wire.EchoReply) || (got.From != target4 && got.From != target6) {
			t.Errorf("%s: got %+v, %v", tt.name, got, err)
		}
	}
}

// Ethernet pads short frames: what lies behind the IP length is not the packet.
func TestParseAnswerIgnoresFramePadding(t *testing.T) {
	for _, message := range []wiretest.ICMPError{error4(11, 0), error6(3, 0)} {
		message.Quote = message.Quote[:len(message.Quote)-30]
		packet := message.Packet()
		want, _ := wire.ParseAnswer(packet)
		got, err := wire.ParseAnswer(append(packet, make([]byte, 18)...))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}

func TestParseAnswerWithOptions(t *testing.T) {
	packet := error4(11, 0).Packet()
	options := []byte{7, 7, 4, 10, 0, 0, 1, 0} // record route (RFC 791, 3.1)
	h, message, _ := wire.ParseIPv4(packet)
	h.Options, h.Length = options, h.Length+len(options)
	got, err := wire.ParseAnswer(append(h.Append(nil), message...))
	if err != nil || got.Kind != wire.TimeExceeded || !reflect.DeepEqual(got.Quote, quote4(32)) {
		t.Errorf("got %+v, %v", got, err)
	}
}
