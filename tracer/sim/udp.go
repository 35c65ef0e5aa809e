package sim

import (
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// udpServices answer a datagram to an address of the node where it is.
var udpServices = map[string]func(*Network, *journey, *layers.UDP) []Delivery{
	"": (*Network).udpClosed,
	// closed port, RFC 1122, 4.1.3.1
	"port_unreachable": (*Network).udpClosed,
	// a service that knows nothing of probes
	"reply": (*Network).udpReply,
	// RFC 862
	"echo":   (*Network).udpEcho,
	"silent": (*Network).udpSilent,
}

// serviceReply is what a service answers. No probe has the identifier 0 that it
// starts with.
var serviceReply = []byte{0, 0, 's', 'i', 'm'}

func (n *Network) serveUDP(j *journey) []Delivery {
	var u layers.UDP
	if why := decode(j.packet, &u); why != "" {
		return n.drop(why)
	}
	if j.packet.ipv6() && u.Checksum == 0 { // RFC 8200, 8.1
		return n.drop(DropBadChecksum)
	}
	return udpServices[j.at().UDP](n, j, &u)
}

func (n *Network) udpClosed(j *journey, _ *layers.UDP) []Delivery {
	return n.complain(j, portUnreachable)
}

func (n *Network) udpReply(j *journey, u *layers.UDP) []Delivery {
	return n.send(j, j.packet.target(), j.udpAnswer(u, serviceReply))
}

func (n *Network) udpEcho(j *journey, u *layers.UDP) []Delivery {
	return n.send(j, j.packet.target(), j.udpAnswer(u, u.Payload))
}

func (n *Network) udpSilent(*journey, *layers.UDP) []Delivery {
	return n.drop(DropNoService)
}

// udpAnswer is the body of a datagram.
type udpAnswer struct {
	udp     layers.UDP
	payload []byte
}

func (j *journey) udpAnswer(u *layers.UDP, payload []byte) udpAnswer {
	to := layers.UDPPort(j.originalPort(uint16(u.SrcPort)))
	return udpAnswer{layers.UDP{SrcPort: u.DstPort, DstPort: to}, payload}
}

func (a udpAnswer) protocol(bool) layers.IPProtocol { return layers.IPProtocolUDP }

func (a udpAnswer) layers(header *datagram) ([]gopacket.SerializableLayer, error) {
	if err := a.udp.SetNetworkLayerForChecksum(header.network()); err != nil {
		return nil, err
	}
	return []gopacket.SerializableLayer{&a.udp, gopacket.Payload(a.payload)}, nil
}
