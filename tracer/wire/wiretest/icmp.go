// Package wiretest makes the messages that routers send, by hand: it is the
// other side of package wire and shares no code with its parsers.
package wiretest

import (
	"encoding/binary"
	"net/netip"
)

// Framing tells how an ICMP error holds quote and extension structure.
type Framing uint8

// The framings. The zero value fits messages without extension.
const (
	// Plain appends the extension, if any, to the quote as it is.
	Plain Framing = iota
	// Declared pads the quote to 128 bytes at least and gives its length
	// (RFC 4884, 4).
	Declared
	// Undeclared pads or cuts the quote to 128 bytes and gives no length, as
	// routers did before RFC 4884 (its section 5.5).
	Undeclared
)

// ICMPError is an ICMP error; an ICMPv6 one if its addresses say so.
type ICMPError struct {
	From, To   netip.Addr
	Type, Code uint8
	// TTL is the TTL or hop limit that the message arrives with.
	TTL uint8
	// TrafficClass is the TOS byte or traffic class that it arrives with.
	TrafficClass uint8
	// MTU is put where packet too big messages have it, unless 0.
	MTU int
	// Quote is the quoted packet.
	Quote []byte
	// Extension is an extension structure; see [Structure].
	Extension []byte
	Framing   Framing
}

// Packet returns the whole packet from its IP header on.
func (e ICMPError) Packet() []byte {
	if e.From.Is4() {
		return e.packet4()
	}
	return e.packet6()
}

func (e ICMPError) packet4() []byte {
	message := append([]byte{e.Type, e.Code, 0, 0, 0, 0, 0, 0}, e.quote(4)...)
	if e.Framing == Declared {
		message[5] = byte(len(e.quote(4)) / 4)
	}
	if e.MTU != 0 {
		binary.BigEndian.PutUint16(message[6:], uint16(e.MTU))
	}
	message = append(message, e.Extension...)
	binary.BigEndian.PutUint16(message[2:], Checksum(message))
	return append(e.header4(len(message)), message...)
}

func (e ICMPError) header4(length int) []byte {
	b := []byte{0x45, e.TrafficClass, 0, 0, 0, 0, 0, 0, e.TTL, 1, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(20+length))
	b = append(append(b, e.From.AsSlice()...), e.To.AsSlice()...)
	binary.BigEndian.PutUint16(b[10:], Checksum(b))
	return b
}

func (e ICMPError) packet6() []byte {
	message := append([]byte{e.Type, e.Code, 0, 0, 0, 0, 0, 0}, e.quote(8)...)
	if e.Framing == Declared {
		message[4] = byte(len(e.quote(8)) / 8)
	}
	if e.MTU != 0 {
		binary.BigEndian.PutUint32(message[4:], uint32(e.MTU))
	}
	message = append(message, e.Extension...)
	header := e.header6(len(message))
	pseudo := binary.BigEndian.AppendUint32(header[8:40:40], uint32(len(message)))
	pseudo = append(append(pseudo, 0, 0, 0, 58), message...)
	binary.BigEndian.PutUint16(message[2:], Checksum(pseudo))
	return append(header, message...)
}

func (e ICMPError) header6(length int) []byte {
	b := []byte{0x60 | e.TrafficClass>>4, e.TrafficClass << 4, 0, 0, 0, 0, 58, e.TTL}
	binary.BigEndian.PutUint16(b[4:], uint16(length))
	return append(append(b, e.From.AsSlice()...), e.To.AsSlice()...)
}

// quote returns the quote padded as the framing wants, to a multiple of unit.
func (e ICMPError) quote(unit int) []byte {
	length := len(e.Quote)
	switch e.Framing {
	case Declared:
		length = (max(128, length) + unit - 1) / unit * unit
	case Undeclared:
		length = 128
	}
	b := make([]byte, length)
	copy(b, e.Quote)
	return b
}
