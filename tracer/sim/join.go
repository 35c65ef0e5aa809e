package sim

import (
	"github.com/gopacket/gopacket/layers"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// sentProbe is what is kept of a probe.
type sentProbe struct {
	packet   *datagram
	egress   stamp.Mono
	answered bool
}

// identOf returns the identifier of a probe, sent or quoted: the UDP checksum,
// the echo's sequence number or the low half of TCP's all lie there.
func identOf(d *datagram) uint16 { return d.get(6) }

// record keeps a probe on its way out, in place of an earlier one of the same
// identifier.
func (l *Link) record(d *datagram, egress stamp.Mono) {
	if len(d.body) < 8 {
		return
	}
	l.last = &sentProbe{packet: d, egress: egress}
	l.sent[identOf(d)] = l.last
	l.counters.Probes++
}

// match is the probe that a packet answers, and how the two were joined.
type match struct {
	probe        *sentProbe
	rewritten    bool
	unidentified bool
	foreign      bool // no probe, and from other ports than probes
}

// join finds the probe that a packet answers and makes it an answer, or counts
// why not. What cannot be an answer is not counted at all.
func (l *Link) join(packet []byte, ingress stamp.Mono) {
	d, err := parseStart(packet)
	if err != nil || len(d.body) < 8 || !l.mayAnswer(d) {
		return
	}
	m, malformed := l.match(d)
	switch {
	case malformed || d.length() > len(packet):
		l.counters.Malformed++
	case m.foreign:
		l.counters.Foreign++
	case m.probe == nil:
		l.counters.Unmatched++
	default:
		l.answer(d, packet, m, ingress)
	}
}

// answer hands over an answer. The first one to a probe claims it, unless it
// named none.
func (l *Link) answer(d *datagram, packet []byte, m match, ingress stamp.Mono) {
	a := tracer.Answer{
		Ident:        identOf(m.probe.packet),
		Packet:       packet[:min(d.length(), snapshot)],
		Length:       d.length(),
		Duplicate:    !m.unidentified && m.probe.answered,
		Rewritten:    m.rewritten,
		Unidentified: m.unidentified,
	}
	a.Stamps[stamp.TCXEgress], a.Stamps[stamp.TCXIngress] = m.probe.egress, ingress
	if !m.unidentified {
		m.probe.answered = true
	}
	if a.Duplicate {
		l.counters.Duplicates++
	}
	l.counters.Answers++
	l.ready = append(l.ready, a)
}

// mayAnswer reports whether a packet is an ICMP error, or of the probes'
// protocol and addressed to where they came from.
func (l *Link) mayAnswer(d *datagram) bool {
	switch {
	case isError(d):
		return true
	case l.last == nil || d.protocol() != l.last.packet.protocol():
		return false
	case isICMP(d):
		return isEchoReply(d) && d.get(4) == l.options.SourcePort
	}
	return l.options.owns(d.get(2))
}

func isICMP(d *datagram) bool { return d.protocol() == icmpError{}.protocol(d.ipv6()) }

func isEchoReply(d *datagram) bool {
	if d.ipv6() {
		return d.body[0] == layers.ICMPv6TypeEchoReply
	}
	return d.body[0] == layers.ICMPv4TypeEchoReply
}

// isError tells the errors of RFC 792 that a probe can bring about, and those
// of RFC 4443.
func isError(d *datagram) bool {
	switch {
	case !isICMP(d):
		return false
	case d.ipv6():
		return d.body[0] >= 1 && d.body[0] <= 4
	}
	return d.body[0] == 3 || d.body[0] == 11 || d.body[0] == 12
}
