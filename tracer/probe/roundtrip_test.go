package probe_test

import (
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// reply wraps a probe in the ICMP error of some router.
func reply(f probe.Flow, quote []byte, typ4, typ6 uint8) wiretest.ICMPError {
	e := wiretest.ICMPError{From: netip.MustParseAddr("203.0.113.7"), To: f.Source, Type: typ4, TTL: 60, Quote: quote}
	if f.IPv6() {
		e.From, e.Type = netip.MustParseAddr("2001:db8:7::7"), typ6
	}
	return e
}

func TestRoundTrip(t *testing.T) {
	labels := wiretest.Structure(wiretest.MPLS(16001, 0, 1))
	tests := []struct {
		name       string
		typ4, typ6 uint8
		framing    wiretest.Framing
		extension  []byte
		cut        int // bytes of transport that are quoted; 0 for all
	}{
		{name: "time exceeded", typ4: 11, typ6: 3},
		{name: "unreachable", typ4: 3, typ6: 1},
		{name: "8 bytes quoted", typ4: 11, typ6: 3, cut: 8},
		{name: "MPLS", typ4: 11, typ6: 3, framing: wiretest.Declared, extension: labels},
		{name: "MPLS from an old router", typ4: 11, typ6: 3, framing: wiretest.Undeclared, extension: labels},
		{name: "MPLS, 8 bytes quoted", typ4: 11, typ6: 3, framing: wiretest.Declared, extension: labels, cut: 8},
	}
	for _, tt := range tests {
		for _, f := range []probe.Flow{flow4(), flow6()} {
			for _, p := range probe.Protocols {
				quote := marshal(t, p, f, 1, 0x1234)
				if tt.cut != 0 {
					quote = quote[:len(quote)-len(transport(quote))+tt.cut]
				}
				e := reply(f, quote, tt.typ4, tt.typ6)
				e.Framing, e.Extension = tt.framing, tt.extension
				a, err := wire.ParseAnswer(e.Packet())
				if err != nil {
					t.Errorf("%s, %s: %v", tt.name, p.Name(), err)
					continue
				}
				checkReturned(t, tt.name+", "+p.Name(), f, a)
				if (len(a.Extensions) == 1) != (tt.extension != nil) {
					t.Errorf("%s, %s: extensions %v", tt.name, p.Name(), a.Extensions)
				}
			}
		}
	}
}

func checkReturned(t *testing.T, name string, f probe.Flow, a wire.Answer) {
	t.Helper()
	q := a.Quote
	if ident, ok := probe.Identify(q); !ok || ident != 0x1234 {
		t.Errorf("%s: identified as %#04x, %v", name, ident, ok)
	}
	if q.Source != f.Source || q.Target != f.Target || q.TTL != 1 || q.TrafficClass != f.TrafficClass ||
		q.FlowLabel != f.FlowLabel || q.DontFragment == f.IPv6() || !f.IPv6() && q.ID != 0x1234^f.Secret {
		t.Errorf("%s: quotes %+v", name, q)
	}
}

// However long the quote and its probe, payload is not taken for an extension.
func TestPayloadIsNoExtension(t *testing.T) {
	for _, f := range []probe.Flow{flow4(), flow6()} {
		f.Size = 1200
		for _, p := range probe.Protocols {
			packet := marshal(t, p, f, 1, 0x1234)
			for n := 140; n < 500; n++ {
				a, err := wire.ParseAnswer(reply(f, packet[:n], 11, 3).Packet())
				if err != nil || a.Extensions != nil || len(a.Quote.Transport) != n-len(packet)+len(transport(packet)) {
					t.Fatalf("%s, %d bytes quoted: %+v, %v", p.Name(), n, a, err)
				}
			}
		}
	}
}

func TestIdentify(t *testing.T) {
	quote := func(protocol uint8, transport ...byte) *wire.Quote {
		return &wire.Quote{Protocol: protocol, Transport: transport}
	}
	tests := []struct {
		name  string
		quote *wire.Quote
		ident uint16
		ok    bool
	}{
		{"UDP", quote(17, 0x9c, 0x40, 0x82, 0x9a, 0, 40, 0x12, 0x34), 0x1234, true},
		{"TCP", quote(6, 0x9c, 0x40, 0, 80, 0xbe, 0xef, 0x12, 0x34), 0x1234, true},
		{"echo", quote(1, 8, 0, 0, 0, 0x9c, 0x40, 0x12, 0x34), 0x1234, true},
		{"echo over IPv6", quote(58, 128, 0, 0, 0, 0x9c, 0x40, 0x12, 0x34), 0x1234, true},
		{"echo reply", quote(1, 0, 0, 0, 0, 0x9c, 0x40, 0x12, 0x34), 0, false},
		{"echo reply over IPv6", quote(58, 129, 0, 0, 0, 0x9c, 0x40, 0x12, 0x34), 0, false},
		{"UDP without checksum", quote(17, 0x9c, 0x40, 0x82, 0x9a, 0, 40, 0, 0), 0, false},
		{"UDP with checksum 0", quote(17, 0x9c, 0x40, 0x82, 0x9a, 0, 40, 0xff, 0xff), 0xffff, false},
		{"GRE", quote(47, 0, 0, 0, 0, 0, 0, 0x12, 0x34), 0, false},
		{"7 bytes", quote(17, 0x9c, 0x40, 0x82, 0x9a, 0, 40, 0x12), 0, false},
		{"none", nil, 0, false},
	}
	for _, tt := range tests {
		ident, ok := probe.Identify(tt.quote)
		if ok != tt.ok || ok && ident != tt.ident {
			t.Errorf("%s: got %#04x, %v", tt.name, ident, ok)
		}
	}
}
