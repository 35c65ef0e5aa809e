package wire

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/net/icmp"
)

// objectHeaderLen is what an extension object begins with: length, class and type
// (RFC 4884, 8).
const objectHeaderLen = 4

// The classes of objects whose inside is known.
const (
	classMPLS      = 1 // RFC 4950
	classInterface = 2 // RFC 5837
)

// parseObjects returns the objects of an extension structure: MPLS label stacks
// (RFC 4950), interfaces (RFC 5837, RFC 8335), others raw. What is broken is raw as
// well, and hides no other object.
func parseObjects(structure []byte) (all []icmp.Extension) {
	b := structure[objectHeaderLen:] // the structure's header is as long
	for len(b) >= objectHeaderLen {
		length := int(binary.BigEndian.Uint16(b))
		if length < objectHeaderLen || length > len(b) {
			if len(bytes.Trim(b, "\x00")) > 0 { // else it is padding
				all = append(all, raw(b))
			}
			break
		}
		all = append(all, parseObject(b[:length:length]))
		b = b[length:]
	}
	return all
}

func raw(object []byte) icmp.Extension { return &icmp.RawExtension{Data: bytes.Clone(object)} }

// parseObject has x/net read a whole object, inside of the shortest message that
// may hold one: it parses messages only, and drops all objects for one that is
// broken.
func parseObject(object []byte) icmp.Extension {
	if !sound(object) {
		return raw(object)
	}
	message := make([]byte, errorHeaderLen+minPaddedQuote, errorHeaderLen+minPaddedQuote+minExtension+len(object))
	message[0], message[5] = 11, minPaddedQuote/4 // ICMP time exceeded (RFC 4884, 4.2)
	message = append(append(message, extensionVersion<<4, 0, 0, 0), object...)
	m, err := icmp.ParseMessage(ProtocolICMP, message)
	if err != nil {
		return raw(object)
	}
	if body, ok := m.Body.(*icmp.TimeExceeded); ok && len(body.Extensions) == 1 {
		return body.Extensions[0]
	}
	return raw(object)
}

// sound reports whether an object is just as long as what it announces: x/net
// takes what is missing for zeros, and leaves out what is too much.
func sound(object []byte) bool {
	inside := object[objectHeaderLen:]
	switch object[2] {
	case classMPLS:
		return object[3] == 1 && len(inside) > 0 && len(inside)%4 == 0
	case classInterface:
		return soundInterface(object[3], inside)
	}
	return true
}

// soundInterface walks through the sub-objects, which stand in this order (RFC
// 5837, 4.1).
func soundInterface(kind uint8, b []byte) bool {
	const index, address, name, mtu = 1 << 3, 1 << 2, 1 << 1, 1 << 0
	for _, sub := range []struct {
		bit    uint8
		length func([]byte) int
	}{{index, wordLen}, {address, addressLen}, {name, nameLen}, {mtu, wordLen}} {
		if kind&sub.bit == 0 {
			continue
		}
		n := sub.length(b)
		if n == 0 || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return len(b) == 0
}

func wordLen([]byte) int { return 4 }

// addressLen returns the length of an address with the number of its family in
// front (RFC 5837, 4.2); 0 for a family that is not known.
func addressLen(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	return map[uint16]int{1: 4 + 4, 2: 4 + 16}[binary.BigEndian.Uint16(b)]
}

// nameLen returns the length that a name begins with, up to 64 (RFC 5837, 4.3).
func nameLen(b []byte) int {
	if len(b) == 0 || b[0]%4 != 0 || b[0] > 64 {
		return 0
	}
	return int(b[0])
}
