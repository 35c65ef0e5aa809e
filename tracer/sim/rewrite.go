package sim

import (
	"encoding/binary"
	"fmt"

	"github.com/gopacket/gopacket/layers"
)

// Rewriting is what a node that is no mere router does to packets that pass it.
type Rewriting struct {
	// ECN replaces the two low bits of the TOS byte or traffic class.
	ECN *uint8 `toml:"ecn"`
	// ClearDF allows IPv4 packets to be fragmented.
	ClearDF bool `toml:"clear_df"`
	// FlowLabel replaces that of IPv6 packets.
	FlowLabel *uint32 `toml:"flow_label"`
	// MSS is the most that a SYN may announce, in bytes; 0 leaves it alone.
	MSS uint16 `toml:"mss"`
	// StripOptions takes the options out of SYNs.
	StripOptions bool `toml:"strip_options"`
	// ZeroTTL forwards packets whose TTL has run out, once, instead of
	// answering (Augustin et al., IMC 2006, section 4.1).
	ZeroTTL bool `toml:"zero_ttl"`
}

func (r *Rewriting) check() error {
	switch {
	case r.ECN != nil && *r.ECN > 3:
		return fmt.Errorf("ecn: %d has more than two bits", *r.ECN)
	case r.FlowLabel != nil && *r.FlowLabel>>20 != 0:
		return fmt.Errorf("flow_label: %#x has more than 20 bits", *r.FlowLabel)
	}
	return nil
}

// rewrite changes a packet as the node does.
func (r *Rewriting) rewrite(d *datagram) {
	if r.ECN != nil {
		d.setTOS(d.tos()&^3 | *r.ECN)
	}
	if r.ClearDF && !d.ipv6() {
		d.v4.Flags &^= layers.IPv4DontFragment
	}
	if r.FlowLabel != nil && d.ipv6() {
		d.v6.FlowLabel = *r.FlowLabel
	}
	if d.protocol() != layers.IPProtocolTCP || len(d.body) < 24 || d.body[13]&2 == 0 {
		return // no SYN with options
	}
	if r.MSS != 0 {
		d.clamp(r.MSS)
	}
	if r.StripOptions {
		d.strip()
	}
}

// clamp lowers the segment size that stands first among the options.
func (d *datagram) clamp(most uint16) {
	const kind, value = 20, 22
	if d.body[kind] != 2 || d.get(value) <= most {
		return
	}
	d.put(value, most)
	d.sumTCP()
}

// strip takes the options out.
func (d *datagram) strip() {
	end := int(d.body[12]>>4) * 4
	if end > len(d.body) {
		return
	}
	d.body = append(d.body[:20:20], d.body[end:]...)
	d.body[12] = 5<<4 | d.body[12]&0xf
	if d.ipv6() {
		d.v6.Length -= uint16(end - 20)
	} else {
		d.v4.Length -= uint16(end - 20)
	}
	d.sumTCP()
}

// sumTCP works the checksum out anew (RFC 9293, 3.1).
func (d *datagram) sumTCP() {
	at := checksumOffset(layers.IPProtocolTCP)
	d.put(at, 0)
	sum := words(d.source(), 0) + words(d.target(), 0) + uint32(layers.IPProtocolTCP) + uint32(len(d.body))
	for b := d.body; len(b) > 0; {
		if len(b) == 1 {
			sum += uint32(b[0]) << 8
			break
		}
		sum += uint32(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	d.put(at, ^uint16(sum))
}
