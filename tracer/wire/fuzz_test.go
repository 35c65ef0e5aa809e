package wire_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

func FuzzParseAnswer(f *testing.F) {
	for _, packet := range answerSeeds() {
		f.Add(packet)
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		before := bytes.Clone(packet)
		a, err := wire.ParseAnswer(packet)
		if !bytes.Equal(packet, before) {
			t.Error("the packet was changed")
		}
		if err != nil {
			wantParseError(t, "fuzzed", a, err)
			return
		}
		checkAnswer(t, a, packet)
		compareAnswer(t, a, packet)
	})
}

func answerSeeds() [][]byte {
	extension := wiretest.Structure(wiretest.MPLS(16001, 5, 3), interfaceObject)
	var seeds [][]byte
	for _, framing := range []wiretest.Framing{wiretest.Plain, wiretest.Declared, wiretest.Undeclared} {
		for _, message := range []wiretest.ICMPError{error4(11, 0), error4(3, 4), error6(3, 0), error6(2, 0)} {
			message.Extension, message.Framing = extension, framing
			seeds = append(seeds, message.Packet())
		}
	}
	echo := wire.Echo{Reply: true, ID: 40000, Sequence: 7}
	synAck := wire.TCP{SourcePort: 80, Flags: wire.FlagSYN | wire.FlagACK, Options: wire.MSS(1460)}
	return append(seeds,
		direct4(1, echo.Append(nil, target4, source4, nil)),
		direct6(58, echo.Append(nil, target6, source6, nil)),
		direct4(6, synAck.Append(nil, target4, source4, nil)),
		direct6(60, append([]byte{17, 0, 1, 4, 0, 0, 0, 0}, make([]byte, 8)...)))
}

// checkAnswer checks what the comments in answer.go promise.
func checkAnswer(t *testing.T, a wire.Answer, packet []byte) {
	isError := a.Kind <= wire.ParameterProblem
	switch {
	case a.Kind == 0 || !a.From.IsValid() || a.MTU < 0:
		t.Errorf("half an answer: %+v", a)
	case isError != (a.Quote != nil) || (isError || a.Kind == wire.EchoReply) != a.ICMP:
		t.Errorf("kind and contents disagree: %+v", a)
	case a.MTU != 0 && a.Kind != wire.PacketTooBig, !isError && a.Extensions != nil:
		t.Errorf("says too much: %+v", a)
	case isError && (len(a.Quote.Transport) < 8 || !bytes.Contains(packet, a.Quote.Transport)):
		t.Errorf("quotes what isn't there: %+v", a)
	}
}

// compareAnswer holds an answer against what gopacket and x/net/icmp see, if
// they see anything: they are stricter about options and lengths.
func compareAnswer(t *testing.T, a wire.Answer, packet []byte) {
	first := layers.LayerTypeIPv4
	if packet[0]>>4 == 6 {
		first = layers.LayerTypeIPv6
	}
	seen := gopacket.NewPacket(packet, first, gopacket.Default)
	all := seen.Layers()
	if seen.ErrorLayer() != nil { // the last but one was given up half-way
		all = all[:max(0, len(all)-2)]
	}
	for _, l := range all {
		switch l := l.(type) {
		case *layers.IPv4:
			compare(t, a, a.From, addr(l.SrcIP), int(a.TTL), int(l.TTL), int(a.TrafficClass), int(l.TOS))
		case *layers.IPv6:
			compare(t, a, a.From, addr(l.SrcIP), int(a.TTL), int(l.HopLimit), int(a.TrafficClass), int(l.TrafficClass))
		case *layers.ICMPv4:
			compare(t, a, a.Type, l.TypeCode.Type(), a.Code, l.TypeCode.Code())
			compareMessage(t, a, 1, append(bytes.Clone(l.Contents), l.Payload...))
		case *layers.ICMPv6:
			compare(t, a, a.Type, l.TypeCode.Type(), a.Code, l.TypeCode.Code())
			compareMessage(t, a, 58, append(bytes.Clone(l.Contents), l.Payload...))
		case *layers.TCP:
			compare(t, a, a.Kind == wire.Reset, l.RST, a.Kind == wire.SynAck, l.SYN && l.ACK && !l.RST)
		case *layers.UDP:
			compare(t, a, a.Kind, wire.UDPReply)
		default:
			continue
		}
		if _, ip := l.(gopacket.NetworkLayer); !ip {
			return // what follows is the payload
		}
	}
}

// compareMessage compares extensions: ours are those of x/net, in order, but for
// what we keep raw because it is broken.
func compareMessage(t *testing.T, a wire.Answer, protocol int, message []byte) {
	m, err := icmp.ParseMessage(protocol, message)
	if err != nil || a.Extensions == nil {
		return
	}
	theirs := reflect.ValueOf(m.Body).Elem().FieldByName("Extensions").Interface().([]icmp.Extension)
	for i, o := range a.Extensions {
		if _, raw := o.(*icmp.RawExtension); !raw && i < len(theirs) {
			compare(t, a, any(o), any(theirs[i]))
		}
	}
	if len(a.Extensions) < len(theirs) {
		t.Errorf("%d extensions, the oracle has %d in %+v", len(a.Extensions), len(theirs), a)
	}
}

// compare takes pairs of what we got and what the oracle did.
func compare(t *testing.T, context any, pairs ...any) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !reflect.DeepEqual(pairs[i], pairs[i+1]) {
			t.Errorf("got %v, the oracle %v in %+v", pairs[i], pairs[i+1], context)
		}
	}
}

func FuzzParseQuote(f *testing.F) {
	f.Add(probe4(32), false)
	f.Add(probe6(32), true)
	f.Add(insert(edit(probe4(0), 0, 0x46), 20, 1, 1, 1, 0), false)
	f.Add(insert(edit(probe6(0), 6, 43), 40, 17, 0, 4, 0, 0, 0, 0, 0), true)
	f.Fuzz(func(t *testing.T, b []byte, v6 bool) {
		q, err := wire.ParseQuote(b, v6)
		if _, ok := err.(*wire.ParseError); (q == nil) != ok {
			t.Fatalf("got %+v, %v", q, err)
		}
		switch {
		case q == nil:
		case len(q.Transport) < 8 || !bytes.Contains(b, q.Transport):
			t.Errorf("quotes what isn't there: %+v", q)
		case v6:
			compareQuote6(t, q, b)
		default:
			compareQuote4(t, q, b)
		}
	})
}

func compareQuote4(t *testing.T, q *wire.Quote, b []byte) {
	h, err := ipv4.ParseHeader(b)
	if err != nil || h.Version != 4 || h.FragOff != 0 {
		t.Fatalf("x/net: %v, %v", h, err)
	}
	compare(t, q, q.Source, addr(h.Src.To4()), q.Target, addr(h.Dst.To4()),
		int(q.Protocol), h.Protocol, int(q.TTL), h.TTL, int(q.TrafficClass), h.TOS,
		int(q.ID), h.ID, q.DontFragment, h.Flags&ipv4.DontFragment != 0,
		q.Length, h.TotalLen, q.FlowLabel, uint32(0), q.Transport[:8], b[h.Len:h.Len+8])
}

func compareQuote6(t *testing.T, q *wire.Quote, b []byte) {
	h, err := ipv6.ParseHeader(b)
	if err != nil || h.Version != 6 {
		t.Fatalf("x/net: %v, %v", h, err)
	}
	compare(t, q, q.Source, netip.AddrFrom16([16]byte(h.Src)), q.Target, netip.AddrFrom16([16]byte(h.Dst)),
		int(q.TTL), h.HopLimit, int(q.TrafficClass), h.TrafficClass, int(q.FlowLabel), h.FlowLabel,
		q.Length, 40+h.PayloadLen, q.ID, uint16(0), q.DontFragment, false)
	switch h.NextHeader {
	case 0, 43, 44, 60:
	default:
		compare(t, q, int(q.Protocol), h.NextHeader, q.Transport[:8], b[40:48])
	}
}
