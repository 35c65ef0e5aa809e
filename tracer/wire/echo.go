package wire

import (
	"encoding/binary"
	"net/netip"
)

// EchoHeaderLen is the length in bytes of an echo message without payload.
const EchoHeaderLen = 8

// The types of echo messages; their code is 0.
const (
	typeEchoReply4   = 0
	typeEchoRequest4 = 8
	typeEchoRequest6 = 128
	typeEchoReply6   = 129
)

// Echo is the header of an ICMP or ICMPv6 echo request or reply (RFC 792; RFC
// 4443, 4.1 and 4.2).
type Echo struct {
	// Reply tells a reply from a request.
	Reply        bool
	ID, Sequence uint16
	// Checksum is worked out by Append.
	Checksum uint16
}

// Append appends the message: the header with its checksum, then the payload.
// The family is that of the addresses; ICMPv6 has a pseudo-header of them.
func (h Echo) Append(b []byte, source, target netip.Addr, payload []byte) []byte {
	start := len(b)
	b = append(b, h.icmpType(target.Is6()), 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, h.ID)
	b = binary.BigEndian.AppendUint16(b, h.Sequence)
	b = append(b, payload...)
	sum := Checksum(b[start:])
	if target.Is6() {
		sum = TransportChecksum(source, target, ProtocolICMPv6, b[start:])
	}
	binary.BigEndian.PutUint16(b[start+2:], sum)
	return b
}

func (h Echo) icmpType(v6 bool) uint8 {
	switch {
	case v6 && h.Reply:
		return typeEchoReply6
	case v6:
		return typeEchoRequest6
	case h.Reply:
		return typeEchoReply4
	}
	return typeEchoRequest4
}

// ParseEcho parses the echo message that b starts with, of ICMPv6 if v6 says
// so, and returns it with the payload. The checksum is not verified.
func ParseEcho(b []byte, v6 bool) (Echo, []byte, error) {
	const what = "echo message"
	if err := need(what, b, EchoHeaderLen); err != nil {
		return Echo{}, nil, err
	}
	h := Echo{
		Checksum: binary.BigEndian.Uint16(b[2:]),
		ID:       binary.BigEndian.Uint16(b[4:]),
		Sequence: binary.BigEndian.Uint16(b[6:]),
	}
	h.Reply = b[0] == Echo{Reply: true}.icmpType(v6)
	if b[0] != h.icmpType(v6) || b[1] != 0 {
		return Echo{}, nil, malformed(what, "type %d code %d", b[0], b[1])
	}
	return h, b[EchoHeaderLen:], nil
}
