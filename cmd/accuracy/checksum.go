package main

import (
	"encoding/binary"
	"slices"

	"github.com/gopacket/gopacket/layers"
)

// completed returns a UDP packet with the checksum that it has once it is on a
// real wire. The kernel leaves that to the device, a veth pair leaves it out,
// and so a capture sees the sum of the pseudo header alone; what quotes the
// packet behind a device that does it quotes another. All other packets, and
// those not captured whole, are returned as they are.
func completed(p packet) packet {
	if p.proto != layers.IPProtocolUDP || len(p.body) < 8 || int(binary.BigEndian.Uint16(p.body[4:])) != len(p.body) {
		return p
	}
	p.body = slices.Clone(p.body)
	p.body[6], p.body[7] = 0, 0
	sum := uint32(p.proto) + uint32(len(p.body))
	for _, b := range [][]byte{p.src.AsSlice(), p.dst.AsSlice(), p.body} {
		sum = add(sum, b)
	}
	check := ^uint16(sum)
	if check == 0 {
		check = 0xffff // 0 is for none (RFC 768)
	}
	binary.BigEndian.PutUint16(p.body[6:], check)
	return p
}

// add adds to a ones' complement sum (RFC 1071), and returns it folded.
func add(sum uint32, b []byte) uint32 {
	for i, c := range b {
		if i%2 == 0 {
			sum += uint32(c) << 8
		} else {
			sum += uint32(c)
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return sum
}
