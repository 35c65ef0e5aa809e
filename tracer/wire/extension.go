package wire

import (
	"encoding/binary"

	"golang.org/x/net/icmp"
)

const (
	// minPaddedQuote is the shortest quote in front of an extension
	// structure (RFC 4884, 4), and the fixed one of routers older than that.
	minPaddedQuote = 128
	// minExtension is a header with one empty object (RFC 4884, 7).
	minExtension     = 8
	extensionVersion = 2
)

// splitExtensions splits the body of an ICMP error, which starts behind the
// first eight bytes of message, into quote and extension objects. declared is
// the length in bytes that the message gives for its quote; 0 if it doesn't. A
// structure whose header is broken yields no objects.
func splitExtensions(message []byte, declared int) ([]byte, []icmp.Extension) {
	body := message[errorHeaderLen:]
	at, ok := findExtensions(body, declared)
	if !ok {
		if declared >= minPaddedQuote && declared < len(body) {
			body = body[:declared]
		}
		return body, nil
	}
	return body[:at], parseObjects(body[at:])
}

// findExtensions returns the offset of the extension structure: where the
// message declares it, or behind 128 bytes as before RFC 4884 (its section
// 5.5). There it is told from quoted payload by its checksum alone, so having
// none is acceptable in the first place only.
func findExtensions(body []byte, declared int) (at int, ok bool) {
	if declared >= minPaddedQuote && validExtensions(body, declared) {
		return declared, true
	}
	if !validExtensions(body, minPaddedQuote) {
		return 0, false
	}
	summed := binary.BigEndian.Uint16(body[minPaddedQuote+2:]) != 0
	return minPaddedQuote, summed
}

// validExtensions checks version and checksum of the structure at an offset
// (RFC 4884, 7: a checksum of 0 means none).
func validExtensions(body []byte, at int) bool {
	if len(body) < at+minExtension || body[at]>>4 != extensionVersion {
		return false
	}
	b := body[at:]
	return binary.BigEndian.Uint16(b[2:]) == 0 || Checksum(b) == 0
}
