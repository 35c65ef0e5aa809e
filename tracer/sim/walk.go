package sim

import (
	"time"

	"github.com/gopacket/gopacket/layers"
)

// journey is one packet on its way through the network.
type journey struct {
	sent     time.Time
	original *datagram // as it was sent
	packet   *datagram // as it is at this node
	path     []*router // nodes visited, this one last
	out      time.Duration
	// translations holds what translators did to the packet, the first of
	// them first. The way back undoes them in reverse.
	translations []translation
}

// at is the node where the packet is.
func (j *journey) at() *router { return j.path[len(j.path)-1] }

// arrival is the time at which the packet came to the node where it is.
func (j *journey) arrival() time.Time { return j.sent.Add(j.out) }

// walk takes a packet from node to node until one keeps it. Every node lowers
// the TTL, so it ends.
func (n *Network) walk(j *journey) []Delivery {
	for next := n.entry; ; next = n.forward(j) {
		j.path = append(j.path, next)
		j.out += n.delay(next)
		if answers, kept := n.visit(j); kept {
			return answers
		}
	}
}

// visit is what a node does with a packet; kept is false if it forwards it.
// The order is Linux's: a target takes any TTL, routing comes before the TTL,
// and the TTL before the size.
func (n *Network) visit(j *journey) (answers []Delivery, kept bool) {
	at := j.at()
	switch {
	case at.owns(j.packet):
		return n.serve(j), true
	case at.Unreachable != "":
		return n.complain(j, unreachables[at.Unreachable]), true
	case len(at.next) == 0:
		return n.complain(j, unreachables["net"]), true
	case j.packet.ttl() <= 1 && !(at.ZeroTTL && j.packet.ttl() == 1):
		return n.complain(j, timeExceeded), true
	case at.tooBig(j.packet):
		return n.refuse(j), true
	case n.chance(at.Loss):
		return n.drop(DropLoss), true
	}
	return nil, false
}

// tooBig reports whether the node has to refuse the packet for its size:
// without DF it would fragment it (RFC 1812, 4.2.2.7).
func (r *router) tooBig(d *datagram) bool {
	if r.MTU == 0 || d.length() <= r.MTU {
		return false
	}
	return d.ipv6() || d.v4.Flags&layers.IPv4DontFragment != 0
}

// refuse is what a node does with a packet that is too big.
func (n *Network) refuse(j *journey) []Delivery {
	at := j.at()
	switch {
	case at.MTUSilent:
		return n.drop(DropTooBig)
	case at.MTUClaim != nil:
		return n.complain(j, packetTooBig(*at.MTUClaim))
	}
	return n.complain(j, packetTooBig(at.MTU))
}

// forward changes the packet as the node does that sends it on, and returns the
// node that it goes to.
func (n *Network) forward(j *journey) *router {
	at := j.at()
	j.packet.setTTL(j.packet.ttl() - 1)
	if at.TOSRewrite != nil {
		j.packet.setTOS(*at.TOSRewrite)
	}
	if at.DSCP != nil {
		j.packet.setTOS(*at.DSCP<<2 | j.packet.tos()&3)
	}
	at.rewrite(j.packet)
	if at.NAT != nil {
		j.translate(at.NAT)
	}
	return at.choose(j.packet, at.ways(j.arrival().Sub(n.began)))
}
