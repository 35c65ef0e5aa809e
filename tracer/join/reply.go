package join

import (
	"encoding/binary"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// matchEcho finds the request by its sequence number; mayAnswer has seen to the
// identifier.
func (j *Joiner) matchEcho(p packet) match {
	s := j.find(p.ident())
	if s == nil || !s.returns(p) {
		return match{}
	}
	return match{probe: s}
}

// matchUDP looks for an identifier in the first two bytes of payload, which echo
// servers give back, and DNS servers with the error (RFC 1035, 4.1.1: ID). Any
// other answer is taken for one to the last probe, and said to name none.
func (j *Joiner) matchUDP(p packet) match {
	m := match{probe: j.named(p)}
	if m.probe == nil {
		m = match{probe: j.find(j.last), unidentified: true}
	}
	if m.probe == nil || !m.probe.returnsPorts(p) {
		return match{}
	}
	return m
}

func (j *Joiner) named(p packet) *probe {
	const least = wire.UDPHeaderLen + 2
	if p.word(4) < least || len(p.body) < least { // word 4 is the datagram's length
		return nil
	}
	return j.find(p.word(wire.UDPHeaderLen))
}

// matchTCP finds the SYN that a SYN-ACK or RST acknowledges.
func (j *Joiner) matchTCP(p packet) match {
	if len(p.body) < wire.TCPHeaderLen || p.length < p.header+wire.TCPHeaderLen {
		return match{malformed: true}
	}
	flags := wire.TCPFlags(p.body[13])
	if !flags.Has(wire.FlagACK) || flags&(wire.FlagSYN|wire.FlagRST) == 0 {
		return match{}
	}
	s := j.acknowledged(binary.BigEndian.Uint32(p.body[8:]), flags.Has(wire.FlagRST))
	if s == nil || !s.returnsPorts(p) {
		return match{}
	}
	return match{probe: s}
}

// acknowledged: a SYN counts for one. A RST acknowledges the SYN's payload besides
// (RFC 9293, 3.10.7.1), which is as long in every probe as in the last; a SYN-ACK as a
// rule does not. What each does by the rule goes first, for both may be some probe's.
func (j *Joiner) acknowledged(ack uint32, reset bool) *probe {
	var payload uint32
	if last := j.find(j.last); last != nil {
		payload = uint32(last.payload)
	}
	first, second := ack-1, ack-1-payload
	if reset {
		first, second = second, first
	}
	if s := j.bySequence(first); s != nil {
		return s
	}
	return j.bySequence(second)
}

// bySequence returns the probe with that sequence number, all 32 bits of it.
func (j *Joiner) bySequence(sequence uint32) *probe {
	s := j.find(uint16(sequence))
	if s == nil || binary.BigEndian.Uint32(s.start[4:]) != sequence {
		return nil
	}
	return s
}
