package wire_test

import (
	"net"
	"reflect"
	"testing"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

var mpls = &icmp.MPLSLabelStack{
	Class: 1, Type: 1,
	Labels: []icmp.MPLSLabel{{Label: 16001, TC: 5, S: true, TTL: 3}},
}

// The object of RFC 5837, 4.1 with ifIndex, IPv4 address and MTU of an
// incoming interface.
var (
	interfaceObject = wiretest.Object(2, 0x0d,
		0, 0, 0, 12, 0, 1, 0, 0, 203, 0, 113, 9, 0, 0, 0x05, 0xdc)
	interfaceInfo = &icmp.InterfaceInfo{
		Class: 2, Type: 0x0d,
		Interface: &net.Interface{Index: 12, MTU: 1500},
		Addr:      &net.IPAddr{IP: net.IP{203, 0, 113, 9}},
	}
)

func TestExtensions(t *testing.T) {
	label := wiretest.MPLS(16001, 5, 3)
	both := wiretest.Structure(label, interfaceObject)
	one := wiretest.Structure(label)
	unsummed := edit(one, 2, 0, 0)
	tests := []struct {
		name      string
		extension []byte
		framing   wiretest.Framing
		payload   int
		want      []icmp.Extension
	}{
		{"declared", both, wiretest.Declared, 32, []icmp.Extension{mpls, interfaceInfo}},
		{"declared behind a long quote", one, wiretest.Declared, 301, []icmp.Extension{mpls}},
		{"declared without checksum", unsummed, wiretest.Declared, 32, []icmp.Extension{mpls}},
		{"undeclared", one, wiretest.Undeclared, 32, []icmp.Extension{mpls}},
		{"undeclared behind a cut quote", one, wiretest.Undeclared, 301, []icmp.Extension{mpls}},
		{"unknown class", wiretest.Structure(wiretest.Object(9, 9, 1, 2, 3, 4)), wiretest.Declared, 32,
			[]icmp.Extension{&icmp.RawExtension{Data: []byte{0, 8, 9, 9, 1, 2, 3, 4}}}},
		{"none", nil, wiretest.Declared, 32, nil},
		{"undeclared without checksum", unsummed, wiretest.Undeclared, 32, nil},
		{"wrong checksum", edit(one, 2, 1, 2), wiretest.Declared, 32, nil},
		{"wrong checksum, undeclared", edit(one, 2, 1, 2), wiretest.Undeclared, 32, nil},
		{"wrong version", edit(one, 0, 0x10), wiretest.Declared, 32, nil},
		{"header alone", wiretest.Structure(), wiretest.Declared, 32, nil},
		{"broken object", wiretest.Structure(wiretest.Object(2, 0x08, 1), label), wiretest.Declared, 32,
			[]icmp.Extension{&icmp.RawExtension{Data: []byte{0, 5, 2, 8, 1}}, mpls}},
		{"object longer than the rest", wiretest.Structure(label, []byte{0, 99, 1, 1}), wiretest.Declared, 32,
			[]icmp.Extension{mpls, &icmp.RawExtension{Data: []byte{0, 99, 1, 1}}}},
		{"padding", wiretest.Structure(label, []byte{0, 0, 0, 0}), wiretest.Declared, 32, []icmp.Extension{mpls}},
	}
	for _, tt := range tests {
		for _, message := range []wiretest.ICMPError{error4(11, 0), error4(3, 1), error4(12, 0), error6(3, 0), error6(1, 3)} {
			message.Quote = probe4(tt.payload)
			if message.From.Is6() {
				message.Quote = probe6(tt.payload)
			}
			message.Extension, message.Framing = tt.extension, tt.framing
			got, err := wire.ParseAnswer(message.Packet())
			if err != nil || !reflect.DeepEqual(got.Extensions, tt.want) {
				t.Errorf("%s, type %d from %s: got %v, %v", tt.name, message.Type, message.From, got.Extensions, err)
				continue
			}
			checkQuoteEnd(t, tt.name, message, got.Quote, tt.framing)
		}
	}
}

// checkQuoteEnd checks that the quote ends where the probe, or the room for the
// quote does: nothing of the extension is in it.
func checkQuoteEnd(t *testing.T, name string, m wiretest.ICMPError, q *wire.Quote, f wiretest.Framing) {
	t.Helper()
	if f == wiretest.Undeclared && len(m.Quote) > 128 {
		m.Quote = m.Quote[:128]
	}
	header := 20
	if m.From.Is6() {
		header = 40
	}
	if string(q.Transport) != string(m.Quote[header:]) {
		t.Errorf("%s, type %d from %s: quotes % x", name, m.Type, m.From, q.Transport)
	}
}

// A quote cut by its router to what RFC 4884 declares ends there even if the
// extension is broken.
func TestBrokenExtensionIsNotQuoted(t *testing.T) {
	message := error4(11, 0)
	message.Quote = probe4(300)[:140]
	message.Framing, message.Extension = wiretest.Declared, []byte{0x20, 1, 2, 3, 0, 8, 1, 1, 0, 0, 0, 0}
	got, err := wire.ParseAnswer(message.Packet())
	if err != nil || got.Extensions != nil || len(got.Quote.Transport) != 120 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Two ICMPv6 errors have no room for a length (RFC 4884, 4): what stands there
// is a pointer or an MTU.
func TestNoExtensionsWithoutRoom(t *testing.T) {
	for _, message := range []wiretest.ICMPError{error6(2, 0), error6(4, 0)} {
		message.Quote = probe6(300)
		message.Framing, message.Extension = wiretest.Undeclared, wiretest.Structure(wiretest.MPLS(3, 0, 1))
		got, err := wire.ParseAnswer(message.Packet())
		// What looks like an extension is part of the quote.
		if err != nil || got.Extensions != nil || len(got.Quote.Transport) != 128+len(message.Extension)-40 {
			t.Errorf("type %d: got %+v, %v", message.Type, got, err)
		}
	}
}

// What stands behind 128 bytes of quote is quoted too, unless it is an extension
// structure beyond doubt.
func TestQuoteThatLooksLikeExtension(t *testing.T) {
	structure := wiretest.Structure(wiretest.MPLS(16001, 5, 3))
	old := edit(structure, 0, 0x10)
	old[2] += 0x10 // the checksum is the complement of the sum
	tests := []struct {
		name string
		end  []byte
	}{
		{"payload", make([]byte, 60)},
		{"wrong checksum", edit(structure, 2, 1, 2)},
		{"no checksum", edit(structure, 2, 0, 0)},
		{"wrong version", old},
		{"no object", wiretest.Structure()},
	}
	for _, tt := range tests {
		message := error4(11, 0)
		message.Quote = append(probe4(300)[:128:128], tt.end...)
		got, err := wire.ParseAnswer(message.Packet())
		if err != nil || got.Extensions != nil || len(got.Quote.Transport) != len(message.Quote)-20 {
			t.Errorf("%s: got %+v, %v", tt.name, got, err)
		}
	}
}
