package wire

import (
	"encoding/binary"
	"net/netip"
)

// IPv6HeaderLen is the length in bytes of the fixed IPv6 header.
const IPv6HeaderLen = 40

// MaxFlowLabel is the highest IPv6 flow label (RFC 6437).
const MaxFlowLabel = 1<<20 - 1

// IPv6 is the fixed IPv6 header (RFC 8200, 3).
type IPv6 struct {
	// Source and Target are IPv6 addresses.
	Source, Target netip.Addr
	TrafficClass   uint8
	// FlowLabel is at most MaxFlowLabel; higher bits are not sent.
	FlowLabel uint32
	// PayloadLength is the length in bytes of all behind the fixed header.
	PayloadLength int
	// NextHeader is the number of the extension header or protocol that
	// follows.
	NextHeader uint8
	// TTL is the hop limit.
	TTL uint8
}

// Append appends the header.
func (h IPv6) Append(b []byte) []byte {
	word := 6<<28 | uint32(h.TrafficClass)<<20 | h.FlowLabel&MaxFlowLabel
	b = binary.BigEndian.AppendUint32(b, word)
	b = binary.BigEndian.AppendUint16(b, uint16(h.PayloadLength))
	b = append(b, h.NextHeader, h.TTL)
	source, target := h.Source.As16(), h.Target.As16()
	b = append(b, source[:]...)
	return append(b, target[:]...)
}

// ParseIPv6 parses the header that b starts with and returns it with all of b
// that follows, extension headers first. PayloadLength is what the header
// claims; it may be more or less than b holds.
func ParseIPv6(b []byte) (IPv6, []byte, error) {
	const what = "IPv6 header"
	if err := need(what, b, IPv6HeaderLen); err != nil {
		return IPv6{}, nil, err
	}
	if b[0]>>4 != 6 {
		return IPv6{}, nil, malformed(what, "version %d", b[0]>>4)
	}
	word := binary.BigEndian.Uint32(b)
	return IPv6{
		TrafficClass:  uint8(word >> 20),
		FlowLabel:     word & MaxFlowLabel,
		PayloadLength: int(binary.BigEndian.Uint16(b[4:])),
		NextHeader:    b[6],
		TTL:           b[7],
		Source:        netip.AddrFrom16([16]byte(b[8:])),
		Target:        netip.AddrFrom16([16]byte(b[24:])),
	}, b[IPv6HeaderLen:], nil
}
