package join

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// probe is what is kept of a probe.
type probe struct {
	source, target netip.Addr
	start          [startLen]byte // of the transport header
	ident          uint16
	id             uint16 // IPv4 identification as sent; IPv6: 0
	payload        uint16 // bytes behind the TCP header; else 0
	protocol       uint8
	sent           bool // false: the slot was never used
	claimed        bool // an answer has named it
}

func newProbe(p packet) probe {
	return probe{
		source: p.source, target: p.target, start: p.start(),
		ident: p.ident(), id: p.id, payload: p.payload(), protocol: p.protocol, sent: true,
	}
}

// payload returns the number of bytes behind the TCP header, which a RST
// acknowledges; 0 for other protocols.
func (p packet) payload() uint16 {
	if p.protocol != wire.ProtocolTCP || len(p.body) < wire.TCPHeaderLen {
		return 0
	}
	return uint16(p.length - p.header - int(p.body[12]>>4)*4)
}

func (j *Joiner) slot(ident uint16) *probe { return &j.slots[int(ident)&(len(j.slots)-1)] }

// find returns the probe with that identifier, or nil if it was never sent or
// its slot has been given to a later one.
func (j *Joiner) find(ident uint16) *probe {
	p := j.slot(ident)
	if !p.sent || p.ident != ident {
		return nil
	}
	return p
}

// returns reports whether p goes the probe's way back, address by address.
func (s *probe) returns(p packet) bool { return p.source == s.target && p.target == s.source }

// returnsPorts is returns, and port by port.
func (s *probe) returnsPorts(p packet) bool {
	return s.returns(p) && [2]byte(p.body) == [2]byte(s.start[2:]) && [2]byte(p.body[2:]) == [2]byte(s.start[:])
}
