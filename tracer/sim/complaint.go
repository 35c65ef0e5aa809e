package sim

import (
	"github.com/gopacket/gopacket/layers"
)

// complaint is an ICMP error in either family.
type complaint struct {
	v4 layers.ICMPv4TypeCode
	v6 layers.ICMPv6TypeCode
	// mtu of a packet too big, in bytes; 0 with all others.
	mtu int
}

func newComplaint(type4, code4, type6, code6 uint8) complaint {
	return complaint{
		v4: layers.CreateICMPv4TypeCode(type4, code4),
		v6: layers.CreateICMPv6TypeCode(type6, code6),
	}
}

var (
	timeExceeded        = newComplaint(11, 0, 3, 0)
	portUnreachable     = newComplaint(3, 3, 1, 4)
	protocolUnreachable = newComplaint(3, 2, 4, 1) // RFC 4443, 3.4
)

// packetTooBig is RFC 1191, 4 and RFC 4443, 3.2.
func packetTooBig(mtu int) complaint {
	c := newComplaint(3, 4, 2, 0)
	c.mtu = mtu
	return c
}

// unreachables are the codes of RFC 1812, 5.2.7.1 and RFC 4443, 3.1 by name.
// Where a family lacks one, the nearest stands in.
var unreachables = map[string]complaint{
	"net":           newComplaint(3, 0, 1, 0),
	"host":          newComplaint(3, 1, 1, 3),
	"protocol":      protocolUnreachable,
	"port":          portUnreachable,
	"source_route":  newComplaint(3, 5, 1, 0),
	"net_unknown":   newComplaint(3, 6, 1, 0),
	"host_unknown":  newComplaint(3, 7, 1, 3),
	"net_admin":     newComplaint(3, 9, 1, 1),
	"host_admin":    newComplaint(3, 10, 1, 1),
	"net_tos":       newComplaint(3, 11, 1, 0),
	"host_tos":      newComplaint(3, 12, 1, 3),
	"admin":         newComplaint(3, 13, 1, 1),
	"precedence":    newComplaint(3, 14, 1, 1),
	"beyond_scope":  newComplaint(3, 0, 1, 2),
	"source_policy": newComplaint(3, 13, 1, 5),
	"reject":        newComplaint(3, 13, 1, 6),
}

// complain answers the packet with an ICMP error, if the node does:
//
//  1. the packet may be answered with one, and the node answers at all;
//  2. it has an address, and an answer left this second;
//  3. the translators on the way back know the packet that it quotes.
//
// The stranger's error has to pass none of these but the first.
func (n *Network) complain(j *journey, c complaint) []Delivery {
	at := j.at()
	if !answerable(j.packet) {
		return n.drop(DropUnanswerable)
	}
	strange := n.spoof(j, c)
	switch {
	case at.Silent:
		return append(strange, n.drop(DropSilent)...)
	case len(at.sources(j.packet.ipv6())) == 0:
		return append(strange, n.drop(DropNoAddress)...)
	case !at.bucket.take(j.arrival()):
		return append(strange, n.drop(DropRateLimited)...)
	}
	quoted := j.packet.clone()
	quoters[at.Quote](quoted)
	if !j.restore(quoted) {
		return append(strange, n.drop(DropTranslation)...)
	}
	e := icmpError{complaint: c, quote: quoted, extensions: at.extensions(quoted.ipv6()), legacy: at.LegacyExtensions}
	return append(strange, n.send(j, at.errorSource(j.packet), e)...)
}

// answerable reports whether an ICMP error may answer the packet: not if it is
// one itself or a later fragment (RFC 1122, 3.2.2; RFC 4443, 2.4 e).
func answerable(d *datagram) bool {
	if !d.ipv6() && d.v4.FragOffset != 0 || !d.source().IsGlobalUnicast() {
		return false
	}
	switch {
	case len(d.body) == 0:
		return true
	case d.protocol() == layers.IPProtocolICMPv4:
		return d.body[0] == layers.ICMPv4TypeEchoRequest
	case d.protocol() == layers.IPProtocolICMPv6:
		return d.body[0] == layers.ICMPv6TypeEchoRequest
	}
	return true
}
