package main

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// The ends of the hand-made captures.
var (
	client4, router4, target4 = netip.MustParseAddr("198.18.1.1"), netip.MustParseAddr("198.18.1.2"), netip.MustParseAddr("198.18.4.2")
	client6, router6, target6 = netip.MustParseAddr("2001:db8:1::1"), netip.MustParseAddr("2001:db8:1::2"), netip.MustParseAddr("2001:db8:4::2")
)

func isTestClient(a netip.Addr) bool { return a == client4 || a == client6 }

// build returns the bytes of the layers, with lengths and checksums.
func build(t *testing.T, all ...gopacket.SerializableLayer) []byte {
	t.Helper()
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(b.Bytes())
}

func v4(src, dst netip.Addr, proto layers.IPProtocol, ttl uint8, id uint16) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: ttl, Id: id, Protocol: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
}

func v6(src, dst netip.Addr, proto layers.IPProtocol, ttl uint8) *layers.IPv6 {
	return &layers.IPv6{Version: 6, HopLimit: ttl, NextHeader: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
}

// udp4 is a UDP packet with a payload that makes its checksum its own.
func udp4(t *testing.T, src, dst netip.Addr, ttl uint8, id, from, to uint16, payload string) []byte {
	ip := v4(src, dst, layers.IPProtocolUDP, ttl, id)
	u := &layers.UDP{SrcPort: layers.UDPPort(from), DstPort: layers.UDPPort(to)}
	u.SetNetworkLayerForChecksum(ip)
	return build(t, ip, u, gopacket.Payload(payload))
}

// exceeded4 is a router's time exceeded message about a probe.
func exceeded4(t *testing.T, probe []byte) []byte {
	return build(t, v4(router4, client4, layers.IPProtocolICMPv4, 64, 1),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeTimeExceeded, 0)}, gopacket.Payload(probe))
}

func exceeded6(t *testing.T, probe []byte) []byte {
	ip := v6(router6, client6, layers.IPProtocolICMPv6, 64)
	i := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeTimeExceeded, 0)}
	i.SetNetworkLayerForChecksum(ip)
	return build(t, ip, i, gopacket.Payload(append(make([]byte, 4), probe...)))
}

func tcp4(t *testing.T, src, dst netip.Addr, ttl uint8, id uint16, h layers.TCP) []byte {
	ip := v4(src, dst, layers.IPProtocolTCP, ttl, id)
	h.SetNetworkLayerForChecksum(ip)
	return build(t, ip, &h)
}

func echo4(t *testing.T, src, dst netip.Addr, kind uint8, ttl uint8, id, seq uint16) []byte {
	return build(t, v4(src, dst, layers.IPProtocolICMPv4, ttl, 0),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, 0), Id: id, Seq: seq}, gopacket.Payload("payload"))
}

// epoch is when hand-made captures begin.
var epoch = time.Unix(1_795_000_000, 123_456_789)

// seen is a packet at a time in nanoseconds since epoch.
type seen struct {
	at    int
	bytes []byte
}

// pcapOf writes a capture file as tcpdump does, and reads it back.
func pcapOf(t *testing.T, all ...seen) []frame {
	t.Helper()
	var file bytes.Buffer
	w := pcapgo.NewWriterNanos(&file)
	w.WriteFileHeader(256, layers.LinkTypeEthernet)
	for _, s := range all {
		data := append(make([]byte, ethernet), s.bytes...)
		info := gopacket.CaptureInfo{Timestamp: epoch.Add(time.Duration(s.at)), CaptureLength: len(data), Length: len(data)}
		if err := w.WritePacket(info, data); err != nil {
			t.Fatal(err)
		}
	}
	frames, err := readFrames(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return frames
}
