package sim

import (
	"encoding/binary"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// serveICMP answers echo requests (RFC 792; RFC 4443, 4.1).
func (n *Network) serveICMP(j *journey) []Delivery {
	request, why := decodeEcho(j.packet)
	switch {
	case why != "":
		return n.drop(why)
	case j.at().ICMP != nil && !*j.at().ICMP:
		return n.drop(DropNoService)
	}
	request.ident = j.originalPort(request.ident)
	return n.send(j, j.packet.target(), request)
}

// echo is the body of an echo request, and so of the reply to it.
type echo struct {
	ident, sequence uint16
	payload         []byte
}

func decodeEcho(d *datagram) (e echo, why Drop) {
	var (
		t         transport
		icmp4     layers.ICMPv4
		icmp6     layers.ICMPv6
		wantsEcho byte = layers.ICMPv4TypeEchoRequest
	)
	t = &icmp4
	if d.ipv6() {
		t, wantsEcho = &icmp6, layers.ICMPv6TypeEchoRequest
	}
	if why := decode(d, t); why != "" {
		return e, why
	}
	if len(d.body) < 8 {
		return e, DropMalformed
	}
	if d.body[0] != wantsEcho {
		return e, DropUnanswerable
	}
	return echo{
		ident:    binary.BigEndian.Uint16(d.body[4:]),
		sequence: binary.BigEndian.Uint16(d.body[6:]),
		payload:  d.body[8:],
	}, ""
}

func (e echo) protocol(ipv6 bool) layers.IPProtocol {
	return icmpError{}.protocol(ipv6)
}

func (e echo) layers(header *datagram) ([]gopacket.SerializableLayer, error) {
	if !header.ipv6() {
		icmp := &layers.ICMPv4{
			TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeEchoReply, 0),
			Id:       e.ident, Seq: e.sequence,
		}
		return []gopacket.SerializableLayer{icmp, gopacket.Payload(e.payload)}, nil
	}
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeEchoReply, 0)}
	if err := icmp.SetNetworkLayerForChecksum(header.network()); err != nil {
		return nil, err
	}
	head := &layers.ICMPv6Echo{Identifier: e.ident, SeqNumber: e.sequence}
	return []gopacket.SerializableLayer{icmp, head, gopacket.Payload(e.payload)}, nil
}
