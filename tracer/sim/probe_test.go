package sim

import (
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// testProbe says which packet to make. Its zero value with a TTL will do.
type testProbe struct {
	ipv6     bool
	protocol string // udp, icmp, tcp
	ttl      uint8
	ident    uint16
	target   netip.Addr
	port     uint16 // source port
	label    uint32
	tos      uint8
	size     int // bytes of payload
	fragment bool
}

func (p testProbe) bytes(t testing.TB) []byte {
	t.Helper()
	payload := make([]byte, max(p.size, 4))
	payload[0], payload[1] = byte(p.ident>>8), byte(p.ident)
	ip, network := p.header()
	all := append([]gopacket.SerializableLayer{ip}, p.transport(t, network)...)
	b, err := serialize(gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, append(all, gopacket.Payload(payload))...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (p testProbe) header() (gopacket.SerializableLayer, gopacket.NetworkLayer) {
	number := map[string]layers.IPProtocol{"": 17, "udp": 17, "tcp": 6, "icmp": 1}[p.protocol]
	if p.ipv6 {
		if number == 1 {
			number = 58
		}
		target := last6
		if p.target.IsValid() {
			target = p.target
		}
		h := &layers.IPv6{Version: 6, HopLimit: p.ttl, NextHeader: number, FlowLabel: p.label,
			TrafficClass: p.tos, SrcIP: host6.AsSlice(), DstIP: target.AsSlice()}
		return h, h
	}
	target := last4
	if p.target.IsValid() {
		target = p.target
	}
	h := &layers.IPv4{Version: 4, TTL: p.ttl, Protocol: number, Id: p.ident ^ testSecret,
		TOS: p.tos, SrcIP: host4.AsSlice(), DstIP: target.AsSlice()}
	if !p.fragment {
		h.Flags = layers.IPv4DontFragment
	}
	return h, h
}

const testSecret = 0x1234

func (p testProbe) transport(t testing.TB, network gopacket.NetworkLayer) []gopacket.SerializableLayer {
	port := p.port
	if port == 0 {
		port = testPort
	}
	switch p.protocol {
	case "tcp":
		tcp := &layers.TCP{SrcPort: layers.TCPPort(port), DstPort: testTarget, SYN: true,
			Seq: testSecret<<16 | uint32(p.ident), Window: 1024}
		must(t, tcp.SetNetworkLayerForChecksum(network))
		return []gopacket.SerializableLayer{tcp}
	case "icmp":
		return p.echo(t, network, port)
	}
	udp := &layers.UDP{SrcPort: layers.UDPPort(port), DstPort: testTarget}
	must(t, udp.SetNetworkLayerForChecksum(network))
	return []gopacket.SerializableLayer{udp}
}

func (p testProbe) echo(t testing.TB, network gopacket.NetworkLayer, ident uint16) []gopacket.SerializableLayer {
	if !p.ipv6 {
		return []gopacket.SerializableLayer{&layers.ICMPv4{
			TypeCode: layers.CreateICMPv4TypeCode(8, 0), Id: ident, Seq: p.ident}}
	}
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(128, 0)}
	must(t, icmp.SetNetworkLayerForChecksum(network))
	return []gopacket.SerializableLayer{icmp, &layers.ICMPv6Echo{Identifier: ident, SeqNumber: p.ident}}
}
