package bpf

import (
	"encoding/binary"
	"net"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

const (
	testPort   = 40000 // of the probes; echo identifier
	targetPort = 33434
	testSecret = 0xbeef
	testIdent  = 0x1234
	testSeq    = 0xcafe<<16 | testIdent
)

// family holds the addresses and protocol numbers of one IP version.
type family struct {
	name                   string
	v6                     bool
	source, target, router net.IP
}

var (
	ipv4 = family{"ipv4", false, net.IP{10, 0, 0, 1}, net.IP{192, 0, 2, 9}, net.IP{198, 51, 100, 3}}
	ipv6 = family{"ipv6", true, net.ParseIP("fd00::1"), net.ParseIP("2001:db8::9"), net.ParseIP("2001:db8:ffff::3")}
)

// shape is what a test may vary of an IP header.
type shape struct {
	ident   uint16 // of the probe: goes into the IPv4 identification
	options int    // bytes of IPv4 options
}

func (f family) icmp() uint8 {
	if f.v6 {
		return uint8(layers.IPProtocolICMPv6)
	}
	return uint8(layers.IPProtocolICMPv4)
}

func (f family) headerLen(s shape) int {
	if f.v6 {
		return 40
	}
	return 20 + s.options
}

// packet puts an IP header before the payload.
func (f family) packet(from, to net.IP, protocol uint8, s shape, payload []byte) []byte {
	if f.v6 {
		return serialize(payload, &layers.IPv6{
			Version: 6, NextHeader: layers.IPProtocol(protocol), HopLimit: 1, SrcIP: from, DstIP: to,
		})
	}
	ip := &layers.IPv4{
		Version: 4, Protocol: layers.IPProtocol(protocol), TTL: 1, Id: s.ident ^ testSecret, SrcIP: from, DstIP: to,
	}
	for range s.options {
		ip.Options = append(ip.Options, layers.IPv4Option{OptionType: 1}) // RFC 791: no operation
	}
	return serialize(payload, ip)
}

// probe returns a probe as it leaves the source.
func (f family) probe(protocol uint8, s shape) []byte {
	return f.packet(f.source, f.target, protocol, s, transport(protocol, s.ident))
}

// transport returns a probe from its transport header on.
func transport(protocol uint8, ident uint16) []byte {
	switch layers.IPProtocol(protocol) {
	case layers.IPProtocolUDP:
		return udp(testPort, targetPort, ident, binary.BigEndian.AppendUint16(nil, ident))
	case layers.IPProtocolTCP:
		return tcp(layers.TCP{SrcPort: testPort, DstPort: targetPort, Seq: 0xcafe<<16 | uint32(ident), SYN: true})
	case layers.IPProtocolICMPv6:
		return icmp(128, testPort, ident)
	}
	return icmp(8, testPort, ident)
}

func udp(from, to, checksum uint16, payload []byte) []byte {
	return serialize(payload, &layers.UDP{SrcPort: layers.UDPPort(from), DstPort: layers.UDPPort(to), Checksum: checksum})
}

func tcp(t layers.TCP, payload ...byte) []byte { return serialize(payload, &t) }

// icmp returns an ICMP or ICMPv6 message; code and checksum are nobody's business.
func icmp(kind uint8, id, seq uint16, body ...byte) []byte {
	m := append([]byte{kind, 0, 0xab, 0xcd}, 0, 0, 0, 0)
	binary.BigEndian.PutUint16(m[4:], id)
	binary.BigEndian.PutUint16(m[6:], seq)
	return append(m, body...)
}

// errorAbout returns the ICMP error of that type in which a router quotes.
func (f family) errorAbout(kind uint8, s shape, quote []byte) []byte {
	return f.packet(f.router, f.source, f.icmp(), s, icmp(kind, 0, 0, quote...))
}

// reply returns a packet from the target.
func (f family) reply(protocol uint8, transport []byte) []byte {
	return f.packet(f.target, f.source, protocol, shape{}, transport)
}

func serialize(payload []byte, header gopacket.SerializableLayer) []byte {
	buf := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true}, header, gopacket.Payload(payload))
	if err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// ethernet puts the header before an IP packet that BPF_PROG_TEST_RUN asks for.
func ethernet(packet []byte) []byte {
	kind := layers.EthernetTypeIPv4
	if len(packet) > 0 && packet[0]>>4 == 6 {
		kind = layers.EthernetTypeIPv6
	}
	return frame(kind, packet)
}

// frame does not pad: tests mean the length that they say.
func frame(kind layers.EthernetType, payload []byte) []byte {
	header := []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}
	return append(binary.BigEndian.AppendUint16(header, uint16(kind)), payload...)
}

// with returns a copy of the packet in which the byte at that offset differs.
func with(packet []byte, offset int) []byte {
	changed := append([]byte(nil), packet...)
	changed[offset] ^= 0x40
	return changed
}
