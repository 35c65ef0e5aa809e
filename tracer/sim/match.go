package sim

import (
	"bytes"
	"encoding/binary"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// match finds the probe that a packet answers. The packet is one that mayAnswer
// lets through, with 8 bytes or more behind its IP header.
func (l *Link) match(d *datagram) (m match, malformed bool) {
	switch {
	case isError(d):
		return l.matchError(d)
	case d.protocol() == layers.IPProtocolUDP:
		return l.matchUDP(d), false
	case d.protocol() == layers.IPProtocolTCP:
		return l.matchTCP(d)
	}
	return l.matchEcho(d), false
}

// matchError finds the probe that an ICMP error quotes: the very packet or, with
// IPv4, one that a translator has changed.
func (l *Link) matchError(d *datagram) (m match, malformed bool) {
	quote, err := parseStart(d.body[8:])
	if err != nil || quote.ipv6() != d.ipv6() || len(quote.body) < 8 || isLaterFragment(quote) {
		return match{}, true
	}
	if p := l.sent[identOf(quote)]; p != nil && same(p.packet, quote) {
		return match{probe: p}, false
	}
	if p := l.rewritten(quote); p != nil {
		return match{probe: p, rewritten: true}, false
	}
	return match{foreign: !l.ours(quote)}, false
}

// ours reports whether a quoted packet comes from where probes come from.
func (l *Link) ours(quote *datagram) bool {
	switch {
	case l.last == nil || quote.protocol() != l.last.packet.protocol():
		return false
	case isICMP(quote):
		return quote.get(4) == l.options.SourcePort
	}
	return l.options.owns(quote.get(0))
}

func isLaterFragment(d *datagram) bool { return !d.ipv6() && d.v4.FragOffset != 0 }

// same compares addresses, protocol and the first 8 bytes of transport header.
func same(sent, quote *datagram) bool {
	return sent.source() == quote.source() && sent.target() == quote.target() &&
		sent.protocol() == quote.protocol() && bytes.Equal(sent.body[:8], quote.body[:8])
}

// rewritten finds a probe by its IPv4 identification, if the ports agree or,
// with ICMP, the echo's identifier and sequence number.
func (l *Link) rewritten(quote *datagram) *sentProbe {
	if quote.ipv6() {
		return nil
	}
	p := l.sent[quote.v4.Id^l.options.Secret]
	if p == nil || p.packet.ipv6() || p.packet.v4.Id != quote.v4.Id || p.packet.protocol() != quote.protocol() {
		return nil
	}
	at := 0
	if isICMP(quote) {
		at = 4
	}
	if !bytes.Equal(p.packet.body[at:at+4], quote.body[at:at+4]) {
		return nil
	}
	return p
}

// returns reports whether d goes the probe's way back, address by address.
func returns(d *datagram, p *sentProbe) bool {
	return d.source() == p.packet.target() && d.target() == p.packet.source()
}

// returnsPorts is returns, and port by port.
func returnsPorts(d *datagram, p *sentProbe) bool {
	return returns(d, p) && d.get(0) == p.packet.get(2) && d.get(2) == p.packet.get(0)
}

func (l *Link) matchEcho(d *datagram) match {
	p := l.sent[identOf(d)]
	if p == nil || !returns(d, p) || !bytes.Equal(p.packet.body[4:8], d.body[4:8]) {
		return match{}
	}
	return match{probe: p}
}

// matchUDP looks for an identifier in the first two bytes of payload, where an
// echo service returns it; any other answer is taken for one to the last probe.
func (l *Link) matchUDP(d *datagram) match {
	m := match{}
	if len(d.body) >= 10 {
		m.probe = l.sent[binary.BigEndian.Uint16(d.body[8:])]
	}
	if m.probe == nil {
		m.probe, m.unidentified = l.last, true
	}
	if !returnsPorts(d, m.probe) {
		return match{}
	}
	return m
}

// matchTCP finds the SYN that a segment acknowledges: it counts for one, and a
// RST acknowledges its payload besides (RFC 9293, 3.10.7.1), by rule.
func (l *Link) matchTCP(d *datagram) (m match, malformed bool) {
	var t layers.TCP
	if len(d.body) < 20 || t.DecodeFromBytes(d.body, gopacket.NilDecodeFeedback) != nil {
		return match{}, true
	}
	if !t.ACK || !t.SYN && !t.RST {
		return match{}, false
	}
	first, second := t.Ack-1, t.Ack-1-l.last.payload()
	if t.RST {
		first, second = second, first
	}
	p := l.bySequence(first)
	if p == nil {
		p = l.bySequence(second)
	}
	if p == nil || !returnsPorts(d, p) {
		return match{}, false
	}
	return match{probe: p}, false
}

// bySequence returns the probe with that sequence number, all 32 bits of it.
func (l *Link) bySequence(sequence uint32) *sentProbe {
	p := l.sent[uint16(sequence)]
	if p == nil || binary.BigEndian.Uint32(p.packet.body[4:]) != sequence {
		return nil
	}
	return p
}

// payload returns the number of bytes behind the probe's TCP header, which is
// the same in all probes.
func (p *sentProbe) payload() uint32 {
	var t layers.TCP
	if t.DecodeFromBytes(p.packet.body, gopacket.NilDecodeFeedback) != nil {
		return 0
	}
	return uint32(len(t.Payload))
}
