package sim

import (
	"encoding/binary"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// fields is what a translator touches.
type fields struct {
	source             netip.Addr
	port, checksum, id uint16
}

func (d *datagram) fields() fields {
	f := fields{
		source:   d.source(),
		port:     d.get(portOffset(d.protocol())),
		checksum: d.get(checksumOffset(d.protocol())),
	}
	if !d.ipv6() {
		f.id = d.v4.Id
	}
	return f
}

func (d *datagram) setIdent(id uint16) {
	if !d.ipv6() {
		d.v4.Id = id
	}
}

// get and put access a field of the transport header; beyond what there is of
// it, reading gives 0 and writing is lost.
func (d *datagram) get(at int) uint16 {
	if at == nowhere || at+2 > len(d.body) {
		return 0
	}
	return binary.BigEndian.Uint16(d.body[at:])
}

func (d *datagram) put(at int, v uint16) {
	if at != nowhere && at+2 <= len(d.body) {
		binary.BigEndian.PutUint16(d.body[at:], v)
	}
}

// amendChecksum makes the transport checksum fit the changed source and port, by
// the difference (RFC 1624), so that a wrong checksum stays wrong.
func (d *datagram) amendChecksum(before fields) {
	at := checksumOffset(d.protocol())
	if at == nowhere {
		return
	}
	udp := d.protocol() == layers.IPProtocolUDP
	if udp && before.checksum == 0 { // none
		return
	}
	now := d.fields()
	sum := uint32(^before.checksum) + uint32(^before.port) + uint32(now.port)
	if d.protocol() != layers.IPProtocolICMPv4 { // has no pseudo header
		sum += words(now.source, 0) + words(before.source, 0xffff)
	}
	amended := gopacket.FoldChecksum(sum)
	if udp && amended == 0 { // RFC 768
		amended = 0xffff
	}
	d.put(at, amended)
}

// words adds up an address in words of 16 bits, each inverted by mask.
func words(a netip.Addr, mask uint16) (sum uint32) {
	for b := a.AsSlice(); len(b) > 0; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b) ^ mask)
	}
	return sum
}

// nowhere is the offset of a field that a protocol does not have.
const nowhere = -1

// portOffset is where the source port lies in the transport header or, with
// ICMP, the echo identifier, which translators treat alike.
func portOffset(p layers.IPProtocol) int {
	switch p {
	case layers.IPProtocolUDP, layers.IPProtocolTCP:
		return 0
	case layers.IPProtocolICMPv4, layers.IPProtocolICMPv6:
		return 4
	}
	return nowhere
}

func checksumOffset(p layers.IPProtocol) int {
	switch p {
	case layers.IPProtocolUDP:
		return 6
	case layers.IPProtocolTCP:
		return 16
	case layers.IPProtocolICMPv4, layers.IPProtocolICMPv6:
		return 2
	}
	return nowhere
}
