package sim

import (
	"net/netip"
	"time"
)

// Quote is how much of a packet an ICMP error quotes, and how truly.
type Quote string

// The ways to quote.
const (
	// QuoteFull quotes as much as the message may hold, which is the default
	// (RFC 1812, 4.3.2.3; RFC 4443, 2.4 c).
	QuoteFull Quote = "full"
	// QuoteRFC792 quotes 8 bytes behind the IP header (RFC 792).
	QuoteRFC792 Quote = "rfc792"
	// QuoteShort quotes 4 bytes, less than any RFC allows.
	QuoteShort Quote = "short"
	// QuoteWrongPorts quotes ports that were not in the packet: with ICMP,
	// the echo identifier.
	QuoteWrongPorts Quote = "wrong_ports"
	// QuoteWrongIdent quotes another probe's identity: UDP checksum, ICMP or
	// TCP sequence number, and the IPv4 identification.
	QuoteWrongIdent Quote = "wrong_ident"
)

// quoters turn a copy of the packet into what is quoted of it.
var quoters = map[Quote]func(*datagram){
	"":              func(*datagram) {},
	QuoteFull:       func(*datagram) {},
	QuoteRFC792:     func(d *datagram) { d.truncate(8) },
	QuoteShort:      func(d *datagram) { d.truncate(4) },
	QuoteWrongPorts: wrongPorts,
	QuoteWrongIdent: wrongIdent,
}

func (d *datagram) truncate(n int) { d.body = d.body[:min(n, len(d.body))] }

func wrongPorts(d *datagram) {
	if at := portOffset(d.protocol()); at != nowhere {
		flip(d.body, at, 0x15)
		flip(d.body, at+1, 0x51)
	}
}

// wrongIdent flips the top bit: identifiers are given in order, so one that far
// away is not in use.
func wrongIdent(d *datagram) {
	flip(d.body, 6, 0x80)
	if !d.ipv6() {
		d.v4.Id ^= 0x8000
	}
}

func flip(b []byte, at int, bits byte) {
	if at < len(b) {
		b[at] ^= bits
	}
}

// spoof returns the error of a stranger, who knows the flow but has to guess
// the ports and identity of a probe.
func (n *Network) spoof(j *journey, c complaint) []Delivery {
	from := j.at().stranger(j.packet.ipv6())
	if !from.IsValid() {
		return nil
	}
	quoted := j.original.clone()
	wrongPorts(quoted)
	wrongIdent(quoted)
	e := icmpError{complaint: c, quote: quoted}
	packet, err := build(j.answerHeader(from, 64, e), e)
	if err != nil {
		return n.drop(DropMalformed)
	}
	// It comes just before the true answer can.
	return n.deliver(max(0, 2*j.out-time.Microsecond), packet, 1)
}

// stranger returns the address that spoofed errors come from; it is not valid
// if there are none.
func (r *router) stranger(ipv6 bool) netip.Addr {
	switch {
	case r.Spoof == nil:
		return netip.Addr{}
	case ipv6:
		return r.Spoof.V6
	}
	return r.Spoof.V4
}

// errorSource returns the address that the next error about d comes from, of
// those that the node must have.
func (r *router) errorSource(d *datagram) netip.Addr {
	all := r.sources(d.ipv6())
	r.answered++
	return all[(r.answered-1)%uint64(len(all))]
}
