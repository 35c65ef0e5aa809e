package wire

import (
	"encoding/binary"
	"net/netip"
)

// TCPHeaderLen is the length in bytes of a TCP header without options.
const TCPHeaderLen = 20

// TCPFlags are the control bits of a TCP header (RFC 9293, 3.1).
type TCPFlags uint8

// The control bits that opening and refusing a connection take.
const (
	FlagSYN TCPFlags = 1 << 1
	FlagRST TCPFlags = 1 << 2
	FlagACK TCPFlags = 1 << 4
)

// Has reports whether all of the given bits are set.
func (f TCPFlags) Has(bits TCPFlags) bool { return f&bits == bits }

// TCP is a TCP header (RFC 9293, 3.1). The urgent pointer is always 0.
type TCP struct {
	SourcePort, TargetPort   uint16
	Sequence, Acknowledgment uint32
	Flags                    TCPFlags
	Window                   uint16
	// Checksum is worked out by Append.
	Checksum uint16
	// Options are at most 40 bytes, a multiple of 4. After parsing they
	// alias the packet.
	Options []byte
}

// MSS returns the option that announces the maximum segment size in bytes
// (RFC 9293, 3.7.1).
func MSS(size uint16) []byte { return []byte{2, 4, byte(size >> 8), byte(size)} }

// HeaderLen returns the length of the header in bytes, options included.
func (h TCP) HeaderLen() int { return TCPHeaderLen + len(h.Options) }

// Append appends the segment: the header with its checksum, then the payload.
// The addresses are those of the pseudo-header.
func (h TCP) Append(b []byte, source, target netip.Addr, payload []byte) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint16(b, h.SourcePort)
	b = binary.BigEndian.AppendUint16(b, h.TargetPort)
	b = binary.BigEndian.AppendUint32(b, h.Sequence)
	b = binary.BigEndian.AppendUint32(b, h.Acknowledgment)
	b = append(b, uint8(h.HeaderLen()/4)<<4, uint8(h.Flags))
	b = binary.BigEndian.AppendUint16(b, h.Window)
	b = append(b, 0, 0, 0, 0)
	b = append(b, h.Options...)
	b = append(b, payload...)
	sum := TransportChecksum(source, target, ProtocolTCP, b[start:])
	binary.BigEndian.PutUint16(b[start+16:], sum)
	return b
}

// ParseTCP parses the header that b starts with and returns it with all of b
// that follows. The checksum is not verified.
func ParseTCP(b []byte) (TCP, []byte, error) {
	const what = "TCP header"
	if err := need(what, b, TCPHeaderLen); err != nil {
		return TCP{}, nil, err
	}
	end := int(b[12]>>4) * 4
	if end < TCPHeaderLen {
		return TCP{}, nil, malformed(what, "claims a length of %d bytes", end)
	}
	if err := need(what, b, end); err != nil {
		return TCP{}, nil, err
	}
	return TCP{
		SourcePort:     binary.BigEndian.Uint16(b),
		TargetPort:     binary.BigEndian.Uint16(b[2:]),
		Sequence:       binary.BigEndian.Uint32(b[4:]),
		Acknowledgment: binary.BigEndian.Uint32(b[8:]),
		Flags:          TCPFlags(b[13]),
		Window:         binary.BigEndian.Uint16(b[14:]),
		Checksum:       binary.BigEndian.Uint16(b[16:]),
		Options:        b[TCPHeaderLen:end],
	}, b[end:], nil
}
