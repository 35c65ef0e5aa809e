package wire

import (
	"encoding/binary"
	"net/netip"
)

// UDPHeaderLen is the length in bytes of a UDP header.
const UDPHeaderLen = 8

// UDP is a UDP header (RFC 768).
type UDP struct {
	SourcePort, TargetPort uint16
	// Length is the length in bytes of header and payload. Append works it
	// out by itself.
	Length int
	// Checksum is 0 for none. Append works it out by itself.
	Checksum uint16
}

// Append appends the datagram: the header with length and checksum, then the
// payload. The addresses are those of the pseudo-header.
func (h UDP) Append(b []byte, source, target netip.Addr, payload []byte) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint16(b, h.SourcePort)
	b = binary.BigEndian.AppendUint16(b, h.TargetPort)
	b = binary.BigEndian.AppendUint16(b, uint16(UDPHeaderLen+len(payload)))
	b = append(b, 0, 0)
	b = append(b, payload...)
	sum := TransportChecksum(source, target, ProtocolUDP, b[start:])
	if sum == 0 {
		sum = 0xffff // 0 would mean that there is none
	}
	binary.BigEndian.PutUint16(b[start+6:], sum)
	return b
}

// ParseUDP parses the header that b starts with and returns it with all of b
// that follows. The checksum is not verified.
func ParseUDP(b []byte) (UDP, []byte, error) {
	if err := need("UDP header", b, UDPHeaderLen); err != nil {
		return UDP{}, nil, err
	}
	return UDP{
		SourcePort: binary.BigEndian.Uint16(b),
		TargetPort: binary.BigEndian.Uint16(b[2:]),
		Length:     int(binary.BigEndian.Uint16(b[4:])),
		Checksum:   binary.BigEndian.Uint16(b[6:]),
	}, b[UDPHeaderLen:], nil
}
