package wire_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// edit returns a copy of b with some bytes replaced.
func edit(b []byte, at int, with ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[at:], with)
	return b
}

// insert returns a copy of b with some bytes put in.
func insert(b []byte, at int, with ...byte) []byte {
	return append(append(bytes.Clone(b[:at]), with...), b[at:]...)
}

func TestParseQuote(t *testing.T) {
	q4, q6 := probe4(32), probe6(32)
	padding := make([]byte, 16)
	tests := []struct {
		name  string
		quote []byte
		v6    bool
		want  func(q *wire.Quote)
	}{
		{"whole", q4, false, func(*wire.Quote) {}},
		{"whole", q6, true, func(*wire.Quote) {}},
		{"8 bytes of transport", q4[:28], false, func(q *wire.Quote) { q.Transport = q4[20:28] }},
		{"8 bytes of transport", q6[:48], true, func(q *wire.Quote) { q.Transport = q6[40:48] }},
		{"padded", append(q4[:60:60], padding...), false, func(*wire.Quote) {}},
		{"padded", append(q6[:80:80], padding...), true, func(*wire.Quote) {}},
		{"TTL 0", edit(q4, 8, 0), false, func(q *wire.Quote) { q.TTL = 0 }},
		{"length in the order of the host", edit(q4, 2, 60, 0), false, func(q *wire.Quote) { q.Length = 60 << 8 }},
		{"length 0", edit(q4, 2, 0, 0), false, func(q *wire.Quote) { q.Length = 0 }},
		{"payload length 0", edit(q6, 4, 0, 0), true, func(q *wire.Quote) { q.Length = 40 }},
		{"options", insert(edit(edit(q4, 0, 0x46), 2, 0, 64), 20, 1, 1, 1, 0), false,
			func(q *wire.Quote) { q.Length = 64 }},
		{"a routing header", insert(edit(edit(q6, 6, 43), 4, 0, 48), 40, 17, 0, 4, 0, 0, 0, 0, 0), true,
			func(q *wire.Quote) { q.Length = 88 }},
		{"a routing header, padded", append(insert(edit(edit(q6, 6, 43), 4, 0, 48), 40, 17, 0, 4, 0, 0, 0, 0, 0),
			padding...), true, func(q *wire.Quote) { q.Length = 88 }},
	}
	for _, tt := range tests {
		want := quote4(32)
		if tt.v6 {
			want = quote6(32)
		}
		tt.want(want)
		got, err := wire.ParseQuote(tt.quote, tt.v6)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s (v6 %v): got %+v, %v, want %+v", tt.name, tt.v6, got, err, want)
		}
	}
}

func TestParseQuoteErrors(t *testing.T) {
	q4, q6 := probe4(32), probe6(32)
	long := bytes.Repeat([]byte{60, 0, 1, 4, 0, 0, 0, 0}, 6)
	tests := []struct {
		name  string
		quote []byte
		v6    bool
		want  string
	}{
		{"nothing", nil, false, "quoted IPv4 header: 0 bytes where 20 are needed"},
		{"half a header", q6[:20], true, "quoted IPv6 header: 20 bytes where 40 are needed"},
		{"the other family", q6, false, "quoted IPv4 header: version 6"},
		{"the other family", q4, true, "quoted IPv6 header: version 4"},
		{"header too short", edit(q4, 0, 0x44), false, "quoted IPv4 header: claims a length of 16 bytes"},
		{"options cut", edit(q4[:36:36], 0, 0x4f), false, "quoted IPv4 header: 36 bytes where 60 are needed"},
		{"transport cut", q4[:27], false, "quoted transport header: 7 bytes where 8 are needed"},
		{"transport cut", q6[:47], true, "quoted transport header: 7 bytes where 8 are needed"},
		{"second fragment", edit(q4, 6, 0, 1), false, "quote: not the first fragment"},
		{"second fragment", insert(edit(q6, 6, 44), 40, 17, 0, 0, 8, 0, 0, 0, 0), true,
			"quoted IPv6 extension header: not the first fragment"},
		{"extension header cut", edit(q6, 6, 43, 1, 0, 0)[:44], true,
			"quoted IPv6 extension header: 4 bytes where 8 are needed"},
		{"extension header too long", insert(edit(q6, 6, 60), 40, 17, 200, 1, 4, 0, 0, 0, 0), true,
			"quoted IPv6 extension header: 48 bytes where 1608 are needed"},
		{"only extension headers", append(edit(q6[:40:40], 6, 60), long[:8]...), true,
			"quoted IPv6 extension header: 0 bytes where 8 are needed"},
	}
	for _, tt := range tests {
		q, err := wire.ParseQuote(tt.quote, tt.v6)
		e, ok := err.(*wire.ParseError)
		if q != nil || !ok || e.Error() != tt.want {
			t.Errorf("%s: got %+v, %v, want %s", tt.name, q, err, tt.want)
		}
	}
}

// However many extension headers there are, only so many are looked at.
func TestParseQuoteBoundsExtensionHeaders(t *testing.T) {
	for count, want := range map[int]uint8{5: wire.ProtocolUDP, 6: 60} {
		chain := bytes.Repeat([]byte{60, 0, 1, 4, 0, 0, 0, 0}, count)
		chain[len(chain)-8] = wire.ProtocolUDP
		q, err := wire.ParseQuote(insert(edit(probe6(32), 6, 60), 40, chain...), true)
		if err != nil || q.Protocol != want {
			t.Errorf("%d headers: got %+v, %v, want protocol %d", count, q, err, want)
		}
	}
}
