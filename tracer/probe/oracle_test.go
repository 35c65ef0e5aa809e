package probe_test

import (
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// dissect decodes a packet with gopacket and lets it verify all checksums.
func dissect(t *testing.T, packet []byte) gopacket.Packet {
	t.Helper()
	first := layers.LayerTypeIPv4
	if packet[0]>>4 == 6 {
		first = layers.LayerTypeIPv6
	}
	p := gopacket.NewPacket(packet, first, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatal(e.Error())
	}
	for _, l := range p.Layers() {
		if s, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := s.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		}
	}
	err, wrong := p.VerifyChecksums()
	if err != nil || len(wrong) != 0 {
		t.Errorf("checksums: %v, %v", wrong, err)
	}
	return p
}

func TestOracle(t *testing.T) {
	for _, f := range []probe.Flow{flow4(), flow6()} {
		for _, p := range probe.Protocols {
			packet := dissect(t, marshal(t, p, f, 9, 0x1234))
			for _, l := range packet.Layers() {
				checkLayer(t, f, l)
			}
		}
	}
}

func checkLayer(t *testing.T, f probe.Flow, l gopacket.Layer) {
	t.Helper()
	ok := true
	switch l := l.(type) {
	case *layers.IPv4:
		ok = l.SrcIP.String() == f.Source.String() && l.DstIP.String() == f.Target.String() &&
			l.TTL == 9 && l.TOS == f.TrafficClass && l.Id == 0x1234^f.Secret && l.Flags == layers.IPv4DontFragment
	case *layers.IPv6:
		ok = l.SrcIP.String() == f.Source.String() && l.DstIP.String() == f.Target.String() &&
			l.HopLimit == 9 && l.TrafficClass == f.TrafficClass && l.FlowLabel == f.FlowLabel
	case *layers.UDP:
		ok = uint16(l.SrcPort) == f.SourcePort && uint16(l.DstPort) == f.TargetPort && l.Checksum == 0x1234
	case *layers.TCP:
		ok = uint16(l.SrcPort) == f.SourcePort && uint16(l.DstPort) == f.TargetPort &&
			l.Seq == uint32(f.Secret)<<16|0x1234 && l.SYN && !l.ACK && l.Window == 64240 &&
			len(l.Options) == 1 && l.Options[0].OptionType == layers.TCPOptionKindMSS
	case *layers.ICMPv4:
		ok = l.TypeCode == layers.CreateICMPv4TypeCode(8, 0) && l.Id == f.SourcePort && l.Seq == 0x1234
	case *layers.ICMPv6:
		ok = l.TypeCode == layers.CreateICMPv6TypeCode(128, 0)
	case *layers.ICMPv6Echo:
		ok = l.Identifier == f.SourcePort && l.SeqNumber == 0x1234
	}
	if !ok {
		t.Errorf("gopacket sees %s", gopacket.LayerString(l))
	}
}
