package sim

import (
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// tcpServices answer a segment to an address of the node where it is.
var tcpServices = map[string]func(*Network, *journey, *layers.TCP) []Delivery{
	"":       (*Network).tcpClosed,
	"reset":  (*Network).tcpClosed,
	"synack": (*Network).tcpListen,
	"silent": (*Network).tcpSilent,
}

func (n *Network) serveTCP(j *journey) []Delivery {
	var t layers.TCP
	if why := decode(j.packet, &t); why != "" {
		return n.drop(why)
	}
	if t.RST { // nothing answers a reset (RFC 9293, 3.5.2)
		return n.drop(DropUnanswerable)
	}
	return tcpServices[j.at().TCP](n, j, &t)
}

// tcpListen answers a SYN (RFC 9293, 3.5). Its own sequence number is fixed: no
// connection comes of it.
func (n *Network) tcpListen(j *journey, t *layers.TCP) []Delivery {
	if !t.SYN || t.ACK {
		return n.tcpClosed(j, t)
	}
	a := j.tcpAnswer(t)
	a.SYN, a.ACK, a.Seq, a.Window = true, true, 1, 65535
	a.Ack = t.Seq + sequenceLength(t)
	return n.send(j, j.packet.target(), tcpAnswer{a})
}

// tcpClosed resets by the rules of RFC 9293, 3.5.2: a segment with an ACK gets
// its sequence number from there, any other one is acknowledged.
func (n *Network) tcpClosed(j *journey, t *layers.TCP) []Delivery {
	a := j.tcpAnswer(t)
	a.RST = true
	if t.ACK {
		a.Seq = t.Ack
	} else {
		a.ACK, a.Ack = true, t.Seq+sequenceLength(t)
	}
	return n.send(j, j.packet.target(), tcpAnswer{a})
}

func (n *Network) tcpSilent(*journey, *layers.TCP) []Delivery {
	return n.drop(DropNoService)
}

// sequenceLength is how far a segment moves the sequence number.
func sequenceLength(t *layers.TCP) uint32 {
	length := uint32(len(t.Payload))
	if t.SYN {
		length++
	}
	if t.FIN {
		length++
	}
	return length
}

func (j *journey) tcpAnswer(t *layers.TCP) *layers.TCP {
	to := layers.TCPPort(j.originalPort(uint16(t.SrcPort)))
	return &layers.TCP{SrcPort: t.DstPort, DstPort: to}
}

// tcpAnswer is the body of a segment without payload.
type tcpAnswer struct{ *layers.TCP }

func (a tcpAnswer) protocol(bool) layers.IPProtocol { return layers.IPProtocolTCP }

func (a tcpAnswer) layers(header *datagram) ([]gopacket.SerializableLayer, error) {
	if err := a.SetNetworkLayerForChecksum(header.network()); err != nil {
		return nil, err
	}
	return []gopacket.SerializableLayer{a.TCP}, nil
}
