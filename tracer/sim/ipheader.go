package sim

import (
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

func (d *datagram) header() gopacket.SerializableLayer {
	if d.ipv6() {
		return d.v6
	}
	return d.v4
}

// network is what transport checksums cover a part of.
func (d *datagram) network() gopacket.NetworkLayer {
	if d.ipv6() {
		return d.v6
	}
	return d.v4
}

func (d *datagram) protocol() layers.IPProtocol {
	if d.ipv6() {
		return d.v6.NextHeader
	}
	return d.v4.Protocol
}

// length is that of the whole packet in bytes.
func (d *datagram) length() int {
	if d.ipv6() {
		return 40 + int(d.v6.Length)
	}
	return int(d.v4.Length)
}

func (d *datagram) source() netip.Addr {
	if d.ipv6() {
		return address(d.v6.SrcIP)
	}
	return address(d.v4.SrcIP)
}

func (d *datagram) target() netip.Addr {
	if d.ipv6() {
		return address(d.v6.DstIP)
	}
	return address(d.v4.DstIP)
}

func (d *datagram) setSource(a netip.Addr) {
	if d.ipv6() {
		d.v6.SrcIP = a.AsSlice()
		return
	}
	d.v4.SrcIP = a.AsSlice()
}

func (d *datagram) ttl() uint8 {
	if d.ipv6() {
		return d.v6.HopLimit
	}
	return d.v4.TTL
}

func (d *datagram) setTTL(ttl uint8) {
	if d.ipv6() {
		d.v6.HopLimit = ttl
		return
	}
	d.v4.TTL = ttl
}

func (d *datagram) tos() uint8 {
	if d.ipv6() {
		return d.v6.TrafficClass
	}
	return d.v4.TOS
}

func (d *datagram) setTOS(tos uint8) {
	if d.ipv6() {
		d.v6.TrafficClass = tos
		return
	}
	d.v4.TOS = tos
}

func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}
