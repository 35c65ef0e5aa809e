package probe_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// flow4 and flow6 are the flows of these tests, but for what a test sets.
func flow4() probe.Flow {
	return probe.Flow{
		Source:       netip.MustParseAddr("192.0.2.1"),
		Target:       netip.MustParseAddr("198.51.100.2"),
		SourcePort:   40000,
		TargetPort:   33434,
		TrafficClass: 0x20,
		DontFragment: true,
		Secret:       0xbeef,
	}
}

func flow6() probe.Flow {
	f := flow4()
	f.Source = netip.MustParseAddr("2001:db8::1")
	f.Target = netip.MustParseAddr("2001:db8:1::2")
	f.FlowLabel = 0xabcde
	return f
}

func TestProtocols(t *testing.T) {
	tests := []struct {
		name             string
		number4, number6 uint8
		port             uint16
		min4, min6       int
		size4, size6     int
	}{
		{"udp", 17, 17, 33434, 32, 52, 60, 80},
		{"icmp", 1, 58, 0, 30, 50, 60, 80},
		{"tcp", 6, 6, 80, 44, 64, 44, 64},
	}
	if len(tests) != len(probe.Protocols) {
		t.Errorf("%d protocols, tested %d", len(probe.Protocols), len(tests))
	}
	for _, tt := range tests {
		p, err := probe.ByName(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name() != tt.name || p.Number(false) != tt.number4 || p.Number(true) != tt.number6 ||
			p.DefaultPort() != tt.port || p.MinSize(false) != tt.min4 || p.MinSize(true) != tt.min6 {
			t.Errorf("%s: wrong numbers", tt.name)
		}
		for size, f := range map[int]probe.Flow{tt.size4: flow4(), tt.size6: flow6()} {
			if packet, err := p.Marshal(f, 1, 1); err != nil || len(packet) != size {
				t.Errorf("%s: %d bytes by default, %v, want %d", tt.name, len(packet), err, size)
			}
		}
	}
}

func TestByNameUnknown(t *testing.T) {
	_, err := probe.ByName("sctp")
	if err == nil || !strings.Contains(err.Error(), "udp, icmp, tcp") {
		t.Errorf("got %v, want an error that lists the protocols", err)
	}
}

func TestMarshalErrors(t *testing.T) {
	zoned := netip.MustParseAddr("fe80::1%eth0")
	mapped := netip.MustParseAddr("::ffff:192.0.2.1")
	tests := []struct {
		flow  func(f *probe.Flow)
		ttl   uint8
		ident uint16
		want  string
	}{
		{func(f *probe.Flow) { f.Size = 31 }, 1, 1, "udp probe: size 31 is too small: use at least 32 bytes"},
		{func(f *probe.Flow) { f.Size = -1 }, 1, 1, "udp probe: size -1 is too small: use at least 32 bytes"},
		{func(f *probe.Flow) { f.Size = 65536 }, 1, 1, "udp probe: size 65536 is too large: use at most 65535 bytes"},
		{func(f *probe.Flow) { f.Source = flow6().Source }, 1, 1,
			"udp probe: source 2001:db8::1 and target 198.51.100.2 are of different families"},
		{func(f *probe.Flow) { f.Source = netip.Addr{} }, 1, 1, "udp probe: source address is not set"},
		{func(f *probe.Flow) { f.Target = netip.Addr{} }, 1, 1, "udp probe: target address is not set"},
		{func(f *probe.Flow) { f.Target = zoned }, 1, 1, "udp probe: target fe80::1%eth0 has a zone: leave it out"},
		{func(f *probe.Flow) { f.Source = mapped }, 1, 1,
			"udp probe: source ::ffff:192.0.2.1 is an IPv4 address in IPv6 form: use 192.0.2.1"},
		{func(f *probe.Flow) { f.SourcePort = 0 }, 1, 1, "udp probe: source port is 0: use 1 to 65535"},
		{func(f *probe.Flow) { f.TargetPort = 0 }, 1, 1, "udp probe: target port is 0: use 1 to 65535"},
		{func(f *probe.Flow) { f.FlowLabel = 1 << 20 }, 1, 1, "udp probe: flow label 0x100000 has more than 20 bits"},
		{func(*probe.Flow) {}, 0, 1, "udp probe: ttl is 0: use 1 to 255"},
		{func(*probe.Flow) {}, 1, 0, "udp probe: identifier 0x0000 is not usable in the flow"},
		{func(*probe.Flow) {}, 1, 0xffff, "udp probe: identifier 0xffff is not usable in the flow"},
		{func(*probe.Flow) {}, 1, 0xbeef, "udp probe: identifier 0xbeef is not usable in the flow"},
	}
	for _, tt := range tests {
		f := flow4()
		tt.flow(&f)
		packet, err := probe.UDP{}.Marshal(f, tt.ttl, tt.ident)
		if packet != nil || err == nil || err.Error() != tt.want {
			t.Errorf("got % x, %v, want %s", packet, err, tt.want)
		}
	}
}

// ICMP has no ports: a target port is not asked for, and 0 is an echo
// identifier like any other.
func TestICMPNeedsNoPorts(t *testing.T) {
	f := flow4()
	f.SourcePort, f.TargetPort = 0, 0
	if _, err := (probe.ICMP{}).Marshal(f, 1, 1); err != nil {
		t.Error(err)
	}
}
