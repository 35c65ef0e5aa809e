package sim

import (
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// serve is what a node does with a packet to one of its own addresses. Its
// answers come from that address, and no rate limit holds them back but that of
// ICMP errors.
func (n *Network) serve(j *journey) []Delivery {
	d := j.packet
	switch {
	case j.at().Silent:
		return n.drop(DropSilent)
	case !d.ipv6() && (d.v4.FragOffset != 0 || d.v4.Flags&layers.IPv4MoreFragments != 0):
		return n.drop(DropUnanswerable)
	}
	switch d.protocol() {
	case layers.IPProtocolUDP:
		return n.serveUDP(j)
	case layers.IPProtocolTCP:
		return n.serveTCP(j)
	case layers.IPProtocolICMPv4, layers.IPProtocolICMPv6:
		return n.serveICMP(j)
	}
	return n.complain(j, protocolUnreachable)
}

// transport is a layer that knows its checksum.
type transport interface {
	gopacket.DecodingLayer
	VerifyChecksum() (error, gopacket.ChecksumVerificationResult)
}

// pseudo is a transport whose checksum covers a part of the IP header.
type pseudo interface {
	SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
}

// decode reads the packet's body into t; why is empty if it is whole.
func decode(d *datagram, t transport) (why Drop) {
	if t.DecodeFromBytes(d.body, gopacket.NilDecodeFeedback) != nil {
		return DropMalformed
	}
	if p, covers := t.(pseudo); covers && p.SetNetworkLayerForChecksum(d.network()) != nil {
		return DropMalformed
	}
	err, sum := t.VerifyChecksum()
	if err != nil || !sum.Valid {
		return DropBadChecksum
	}
	return ""
}
