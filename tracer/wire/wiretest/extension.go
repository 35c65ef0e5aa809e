package wiretest

import "encoding/binary"

// Structure returns an extension structure of the given objects, with its
// checksum (RFC 4884, 7).
func Structure(objects ...[]byte) []byte {
	b := []byte{0x20, 0, 0, 0}
	for _, o := range objects {
		b = append(b, o...)
	}
	binary.BigEndian.PutUint16(b[2:], Checksum(b))
	return b
}

// Object returns an extension object (RFC 4884, 8).
func Object(class, ctype uint8, data ...byte) []byte {
	length := 4 + len(data)
	return append([]byte{byte(length >> 8), byte(length), class, ctype}, data...)
}

// MPLS returns the object of a label stack of one entry (RFC 4950).
func MPLS(label int, trafficClass, ttl uint8) []byte {
	entry := uint32(label)<<12 | uint32(trafficClass)<<9 | 1<<8 | uint32(ttl)
	return Object(1, 1, binary.BigEndian.AppendUint32(nil, entry)...)
}
