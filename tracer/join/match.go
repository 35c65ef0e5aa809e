package join

import "github.com/ebpftrace/ebpftrace/tracer/wire"

// match is the probe that a packet answers, and how the two were joined. A nil
// probe means that there is none.
type match struct {
	probe        *probe
	rewritten    bool
	unidentified bool
	foreign      bool // no probe, and from other ports than probes
	malformed    bool // the packet is too short or too broken to tell
}

// mayAnswer reports whether the packet is an ICMP error, or of the probes'
// protocol and addressed to where they came from.
func (j *Joiner) mayAnswer(p packet) bool {
	switch {
	case p.icmpError():
		return true
	case p.protocol != j.options.Protocol:
		return false
	case p.icmp():
		return p.echoReply() && p.word(4) == j.options.SourcePort
	}
	return j.options.owns(p.word(2))
}

// match finds the probe that a packet answers, which mayAnswer has let through.
func (j *Joiner) match(p packet) match {
	if p.length < p.header+startLen { // the rest is Ethernet's padding
		return match{malformed: true}
	}
	switch p.protocol {
	case wire.ProtocolTCP:
		return j.matchTCP(p)
	case wire.ProtocolUDP:
		return j.matchUDP(p)
	}
	if p.icmpError() {
		return j.matchError(p)
	}
	return j.matchEcho(p)
}
