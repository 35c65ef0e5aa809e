package main

import (
	"testing"

	"github.com/gopacket/gopacket/layers"
)

// Each kind of answer finds its probe among others, at the right distance.
func TestFollow(t *testing.T) {
	udp := udp4(t, client4, target4, 1, 7, 40000, 33434, "one")
	other := udp4(t, client4, target4, 1, 7, 40000, 33434, "two") // its checksum alone differs
	ip6 := v6(client6, target6, layers.IPProtocolUDP, 2)
	u6 := &layers.UDP{SrcPort: 40000, DstPort: 33434}
	u6.SetNetworkLayerForChecksum(ip6)
	udp6 := build(t, ip6, u6)
	syn := tcp4(t, client4, target4, 4, 9, layers.TCP{SrcPort: 5000, DstPort: 80, Seq: 0xffffffff, SYN: true})
	reset := tcp4(t, target4, client4, 61, 0, layers.TCP{SrcPort: 80, DstPort: 5000, Ack: 0, RST: true, ACK: true})
	wrong := tcp4(t, target4, client4, 61, 0, layers.TCP{SrcPort: 80, DstPort: 5000, Ack: 5, RST: true, ACK: true})
	for _, tt := range []struct {
		name          string
		probe, answer []byte
	}{
		{"UDP exceeded", udp, exceeded4(t, udp)},
		{"UDP exceeded, 8 bytes quoted", udp, exceeded4(t, udp[:28])},
		{"IPv6 UDP exceeded", udp6, exceeded6(t, udp6)},
		{"UDP answered", udp, udp4(t, target4, client4, 60, 1, 33434, 40000, "hello")},
		{"TCP exceeded", syn, exceeded4(t, syn)},
		{"TCP reset, sequence wraps", syn, reset},
		{"echo exceeded", echo4(t, client4, target4, 8, 3, 77, 5), exceeded4(t, echo4(t, client4, target4, 8, 1, 77, 5))},
		{"echo reply", echo4(t, client4, target4, 8, 4, 77, 5), echo4(t, target4, client4, 0, 61, 77, 5)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := follow(pcapOf(t, seen{100, tt.probe}, seen{150, other[:20]}, seen{200, exceeded4(t, other)},
				seen{250, wrong}, seen{300, echo4(t, target4, client4, 0, 61, 77, 6)},
				seen{1123, tt.answer}, seen{2000, tt.answer}), isTestClient)
			if len(got) != 1 || !got[0].answered || got[0].rtt != 1023 || !got[0].sent.Equal(epoch.Add(100)) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// Packets that no tracer sends do not count as probes.
func TestFollowIgnores(t *testing.T) {
	got := follow(pcapOf(t,
		seen{1, tcp4(t, client4, target4, 64, 1, layers.TCP{SrcPort: 1, DstPort: 2, RST: true})},
		seen{2, tcp4(t, client4, target4, 64, 1, layers.TCP{SrcPort: 1, DstPort: 2, SYN: true, ACK: true})},
		seen{3, echo4(t, client4, target4, 0, 64, 1, 1)},
		seen{4, exceeded6(t, nil)},
		seen{5, udp4(t, router4, client4, 1, 1, 1, 2, "")},
		seen{6, []byte{0x45}}, seen{7, nil}), isTestClient)
	if len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// Of probes that look alike, each gets the answer that follows it.
func TestFollowAlike(t *testing.T) {
	probe := udp4(t, client4, target4, 1, 0, 40000, 33434, "")
	answer := exceeded4(t, probe)
	got := follow(pcapOf(t, seen{0, probe}, seen{10, answer}, seen{100, probe}, seen{200, probe}, seen{230, answer}), isTestClient)
	if len(got) != 3 || got[0].rtt != 10 || got[1].answered || got[2].rtt != 30 || got[2].nth != 2 {
		t.Errorf("got %+v", got)
	}
}

// A probe is recognised in a quote from behind a device that completed the
// checksum, which the captures saw without.
func TestFollowCompleted(t *testing.T) {
	for _, payload := range []string{"even", "odd"} {
		whole := udp4(t, client4, target4, 3, 7, 40000, 33434, payload)
		partial := append([]byte(nil), whole...)
		partial[26], partial[27] = 0x12, 0x34
		got := follow(pcapOf(t, seen{0, partial}, seen{10, exceeded4(t, whole)}), isTestClient)
		if len(got) != 1 || got[0].rtt != 10 {
			t.Errorf("%s: got %+v", payload, got)
		}
	}
}

// Both ends' views are joined by probe, whatever one of them lacks.
func TestPair(t *testing.T) {
	one, two := udp4(t, client4, target4, 1, 1, 1, 2, "one"), udp4(t, client4, target4, 2, 2, 1, 2, "two")
	near := follow(pcapOf(t, seen{0, one}, seen{50, one}, seen{90, exceeded4(t, one)}, seen{100, two}, seen{190, exceeded4(t, two)}), isTestClient)
	far := follow(pcapOf(t, seen{2, one}, seen{55, one}, seen{80, exceeded4(t, one)}, seen{110, two}), isTestClient)
	got := pair(near, far)
	if len(got) != 3 || got[0].bracketed || !got[1].bracketed || got[2].bracketed {
		t.Fatalf("got %+v", got)
	}
	if got[1].bracket != (bracket{far: 25, near: 40}) || got[1].ttl != 1 || got[2].ttl != 2 {
		t.Errorf("got %+v", got)
	}
}
