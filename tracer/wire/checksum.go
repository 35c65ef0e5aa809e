package wire

import (
	"encoding/binary"
	"net/netip"
)

// Sum is a running ones' complement sum of 16-bit words (RFC 1071), not folded
// yet. Its zero value is the empty sum; it has room for 2^32 words.
type Sum uint64

// Add returns the sum with the words of b. An odd last byte counts as the high
// half of a word, so only the last piece of a packet may have an odd length.
func (s Sum) Add(b []byte) Sum {
	// 2^16 is 1 modulo 0xffff, so words of 32 bits add up to the same.
	for len(b) >= 4 {
		s = s.wide(binary.BigEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		s += Sum(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		s += Sum(b[0]) << 8
	}
	return s
}

func (s Sum) wide(word uint32) Sum { return s + Sum(word>>16) + Sum(word&0xffff) }

// AddWord returns the sum with one more word.
func (s Sum) AddWord(word uint16) Sum { return s + Sum(word) }

// AddAddr returns the sum with the bytes of an address.
func (s Sum) AddAddr(a netip.Addr) Sum {
	if a.Is4() {
		b := a.As4()
		return s.Add(b[:])
	}
	b := a.As16()
	return s.Add(b[:])
}

// Fold returns the sum in 16 bits. It is 0 only for a sum of nothing but
// zeros; otherwise the zero of ones' complement comes out as 0xffff.
func (s Sum) Fold() uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// Checksum returns the complement of the sum, as it stands in headers.
func (s Sum) Checksum() uint16 { return ^s.Fold() }

// Checksum returns the Internet checksum of b (RFC 1071): 0 if b holds its own,
// right one.
func Checksum(b []byte) uint16 { return Sum(0).Add(b).Checksum() }

// PseudoHeader returns the sum of the pseudo-header for a segment of length
// bytes (RFC 9293, 3.1 for IPv4; RFC 8200, 8.1 for IPv6). The two headers
// differ in layout only, which a sum doesn't see.
func PseudoHeader(source, target netip.Addr, protocol uint8, length int) Sum {
	s := Sum(0).AddAddr(source).AddAddr(target)
	return s.AddWord(uint16(protocol)).wide(uint32(length))
}

// TransportChecksum returns the checksum of a TCP, UDP or ICMPv6 segment, its
// pseudo-header included: 0 if the segment holds its own, right one.
func TransportChecksum(source, target netip.Addr, protocol uint8, segment []byte) uint16 {
	return PseudoHeader(source, target, protocol, len(segment)).Add(segment).Checksum()
}
