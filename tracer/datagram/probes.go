package datagram

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

const (
	// startLen is how much of the transport header every quote holds.
	startLen = 8
	// markLen is what names a UDP probe in its payload: the identifier, and
	// what makes the checksum come out.
	markLen = 4
	headLen = wire.IPv6HeaderLen + startLen + markLen
)

// namingLen is how much of a probe names it, from the transport header on.
func (o *Options) namingLen() int {
	if o.icmp() {
		return startLen
	}
	return startLen + markLen
}

// head is what is kept of a probe: its first bytes.
type head struct {
	bytes [headLen]byte
	ip    uint8 // length of the IP header; 0: there is no probe
}

func (h *head) header() []byte { return h.bytes[:h.ip] }
func (h *head) start() []byte  { return h.bytes[h.ip:][:startLen] }
func (h *head) mark() []byte   { return h.bytes[h.ip+startLen:][:markLen] }

// to returns where a UDP probe went.
func (h *head) to() netip.AddrPort {
	size := map[uint8]int{wire.IPv4HeaderLen: 4, wire.IPv6HeaderLen: 16}[h.ip]
	addr, _ := netip.AddrFromSlice(h.header()[int(h.ip)-size:]) // it is last
	return netip.AddrPortFrom(addr, binary.BigEndian.Uint16(h.start()[2:]))
}

// probes keeps those that the joiner keeps.
type probes struct {
	slots []head
	last  *head
}

func newProbes(slots int) *probes {
	if slots == 0 {
		slots = join.DefaultSlots
	}
	return &probes{slots: make([]head, slots), last: &head{}}
}

func (p *probes) slot(ident uint16) *head { return &p.slots[int(ident)&(len(p.slots)-1)] }

// add keeps a probe, in place of the one that had its slot.
func (p *probes) add(ident uint16, sent outgoing) {
	p.last = p.slot(ident)
	*p.last = head{ip: uint8(len(sent.ip))}
	copy(p.last.bytes[:], sent.ip)
	copy(p.last.bytes[len(sent.ip):], sent.transport)
}

// find returns the probe that an ICMP error is about, by what was returned of it,
// which icmp says begins with an ICMP header. nameless says that it may be any
// probe's.
func (p *probes) find(data []byte, icmp bool) (about *head, nameless bool) {
	if icmp {
		return p.byMessage(data), false
	}
	return p.byPayload(data)
}

// byPayload finds the probe that returned UDP payload begins like: to the bit,
// so far as it was returned. Too few bytes are nameless, and so are zeros that
// pad a short quote (RFC 4884, 4).
func (p *probes) byPayload(data []byte) (about *head, nameless bool) {
	if len(data) < 2 || binary.BigEndian.Uint16(data) == 0 {
		return nil, true
	}
	h := p.slot(binary.BigEndian.Uint16(data))
	n := min(len(data), markLen)
	if h.ip == 0 || !bytes.Equal(h.mark()[:n], data[:n]) {
		return nil, false
	}
	return h, false
}

// byMessage finds the echo request that has the sequence number of a returned
// one; the kernel sees to it that all of the header is there.
func (p *probes) byMessage(data []byte) *head {
	if len(data) < startLen {
		return nil
	}
	h := p.slot(binary.BigEndian.Uint16(data[6:]))
	if h.ip == 0 || !bytes.Equal(h.start()[6:], data[6:startLen]) {
		return nil
	}
	return h
}
