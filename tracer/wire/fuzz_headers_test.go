package wire_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// FuzzHeaders: whatever is read as a header is written back as it was, but for
// checksums and for what these headers have no field for.
func FuzzHeaders(f *testing.F) {
	for _, packet := range answerSeeds() {
		f.Add(packet)
		if packet[0]>>4 == 6 {
			f.Add(packet[40:])
		} else {
			f.Add(packet[20:])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkIPv4(t, b)
		checkIPv6(t, b)
		checkUDP(t, b)
		checkTCP(t, b)
		checkEcho(t, b, source4, target4)
		checkEcho(t, b, source6, target6)
	})
}

func checkIPv4(t *testing.T, b []byte) {
	h, rest, err := wire.ParseIPv4(b)
	if !parsed(t, rest, err) {
		return
	}
	// 6: the bit that RFC 791, 3.1 reserves. 10: the checksum.
	checkWritten(t, b, h.Append(nil), rest, blank{6, 0x80}, blank{10, 0xff}, blank{11, 0xff})
}

func checkIPv6(t *testing.T, b []byte) {
	h, rest, err := wire.ParseIPv6(b)
	if !parsed(t, rest, err) {
		return
	}
	checkWritten(t, b, h.Append(nil), rest)
}

func checkUDP(t *testing.T, b []byte) {
	h, rest, err := wire.ParseUDP(b)
	if !parsed(t, rest, err) {
		return
	}
	if h.Length != int(binary.BigEndian.Uint16(b[4:])) || h.Checksum != binary.BigEndian.Uint16(b[6:]) {
		t.Errorf("parsed %+v of % x", h, b)
	}
	// The length is worked out anew.
	checkWritten(t, b, h.Append(nil, source4, target4, nil), rest, blank{4, 0xff}, blank{5, 0xff}, blank{6, 0xff}, blank{7, 0xff})
}

func checkTCP(t *testing.T, b []byte) {
	h, rest, err := wire.ParseTCP(b)
	if !parsed(t, rest, err) {
		return
	}
	// 12: reserved bits. 16: the checksum, then the urgent pointer.
	checkWritten(t, b, h.Append(nil, source4, target4, nil), rest,
		blank{12, 0x0f}, blank{16, 0xff}, blank{17, 0xff}, blank{18, 0xff}, blank{19, 0xff})
}

func checkEcho(t *testing.T, b []byte, source, target netip.Addr) {
	h, rest, err := wire.ParseEcho(b, source.Is6())
	if !parsed(t, rest, err) {
		return
	}
	checkWritten(t, b, h.Append(nil, source, target, nil), rest, blank{2, 0xff}, blank{3, 0xff})
}

// parsed reports whether there was a header. What is none is a ParseError alone.
func parsed(t *testing.T, rest []byte, err error) bool {
	t.Helper()
	if _, ok := err.(*wire.ParseError); !ok && err != nil || err != nil && rest != nil {
		t.Errorf("got % x, %v, want a ParseError", rest, err)
	}
	return err == nil
}

// blank names bits of a byte that need not agree.
type blank struct {
	at   int
	bits byte
}

func checkWritten(t *testing.T, read, written, rest []byte, blanks ...blank) {
	t.Helper()
	was := bytes.Clone(read[:len(read)-len(rest)])
	for _, x := range blanks {
		was[x.at] |= x.bits
		written[x.at] |= x.bits
	}
	if !bytes.Equal(was, written) {
		t.Errorf("read % x, wrote % x", was, written)
	}
}
