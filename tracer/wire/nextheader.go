package wire

import "encoding/binary"

// The protocol numbers that this package knows (IANA protocol numbers).
const (
	ProtocolICMP   = 1
	ProtocolTCP    = 6
	ProtocolUDP    = 17
	ProtocolICMPv6 = 58
)

// The extension headers that may stand in front of the transport header.
const (
	headerHopByHop    = 0  // RFC 8200, 4.3
	headerRouting     = 43 // RFC 8200, 4.4
	headerFragment    = 44 // RFC 8200, 4.5
	headerDestination = 60 // RFC 8200, 4.6
)

// maxExtensionHeaders bounds how many of them are skipped: RFC 8200, 4.1 has
// each at most once, destination options twice.
const maxExtensionHeaders = 5

// skipExtensionHeaders returns the number of the transport protocol and what b
// holds from its header on. Of a fragmented packet only the first part has one.
func skipExtensionHeaders(next uint8, b []byte) (uint8, []byte, error) {
	for range maxExtensionHeaders {
		if !isExtensionHeader(next) {
			break
		}
		const what = "IPv6 extension header"
		if err := need(what, b, 8); err != nil {
			return 0, nil, err
		}
		if next == headerFragment && binary.BigEndian.Uint16(b[2:])>>3 != 0 {
			return 0, nil, malformed(what, "not the first fragment")
		}
		length := extensionHeaderLen(next, b)
		if err := need(what, b, length); err != nil {
			return 0, nil, err
		}
		next, b = b[0], b[length:]
	}
	return next, b, nil
}

func isExtensionHeader(next uint8) bool {
	switch next {
	case headerHopByHop, headerRouting, headerFragment, headerDestination:
		return true
	}
	return false
}

// extensionHeaderLen returns the length in bytes of the header that b starts with.
func extensionHeaderLen(next uint8, b []byte) int {
	if next == headerFragment {
		return 8 // its second byte is reserved
	}
	return 8 + int(b[1])*8
}
