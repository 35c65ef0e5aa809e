package sim

import (
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// copyGap lies between an answer and its duplicates.
const copyGap = 10 * time.Microsecond

// body is what an answer holds behind its IP header.
type body interface {
	// layers returns it for an answer with the IP header given.
	layers(header *datagram) ([]gopacket.SerializableLayer, error)
	protocol(ipv6 bool) layers.IPProtocol
}

// send sends an answer on the way back, unless it gets lost there.
func (n *Network) send(j *journey, from netip.Addr, b body) []Delivery {
	at := j.at()
	ttl := int(at.initialTTL()) - (len(j.path) - 1)
	switch {
	case ttl <= 0:
		return n.drop(DropExpired)
	case n.chance(at.AnswerLoss):
		return n.drop(DropAnswerLoss)
	}
	packet, err := build(j.answerHeader(from, uint8(ttl), b), b)
	if err != nil {
		return n.drop(DropMalformed)
	}
	after := j.out + n.back(j.path) + at.Late.Duration
	return n.deliver(after, packet, 1+at.Duplicate)
}

// deliver counts and returns a packet and its copies.
func (n *Network) deliver(after time.Duration, packet []byte, copies int) []Delivery {
	n.counters.Answers += uint64(copies)
	deliveries := make([]Delivery, copies)
	for i := range deliveries {
		deliveries[i] = Delivery{After: after + time.Duration(i)*copyGap, Packet: slices.Clone(packet)}
	}
	return deliveries
}

// back draws the time of the way back, which is the way out reversed.
func (n *Network) back(path []*router) (total time.Duration) {
	for _, r := range path {
		total += n.delay(r)
	}
	return total
}

// answerHeader returns the IP header of an answer by the node where the packet
// is. It goes to whoever sent the original, as if translated back already.
func (j *journey) answerHeader(from netip.Addr, ttl uint8, b body) *datagram {
	to := j.original.source().AsSlice()
	protocol := b.protocol(j.packet.ipv6())
	if j.packet.ipv6() {
		return &datagram{v6: &layers.IPv6{
			Version: 6, HopLimit: ttl, NextHeader: protocol, SrcIP: from.AsSlice(), DstIP: to,
		}}
	}
	return &datagram{v4: &layers.IPv4{
		Version: 4, TTL: ttl, Protocol: protocol, SrcIP: from.AsSlice(), DstIP: to,
		TOS: tosOf(b), Id: j.at().nextIdent(),
	}}
}

// tosOf is the precedence that RFC 1812, 4.3.2.5 wants for ICMP errors.
func tosOf(b body) uint8 {
	if _, isError := b.(icmpError); isError {
		return 0xc0
	}
	return 0
}

func build(header *datagram, b body) ([]byte, error) {
	behind, err := b.layers(header)
	if err != nil {
		return nil, err
	}
	all := append([]gopacket.SerializableLayer{header.header()}, behind...)
	return serialize(gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...)
}
