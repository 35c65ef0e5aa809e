package bpf

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/gopacket/gopacket/layers"
)

const (
	protoUDP = uint8(layers.IPProtocolUDP)
	protoTCP = uint8(layers.IPProtocolTCP)
)

// eachProtocol runs a test for every family and protocol of probes.
func eachProtocol(t *testing.T, test func(t *testing.T, f family, protocol uint8)) {
	for _, f := range []family{ipv4, ipv6} {
		for _, protocol := range []uint8{protoUDP, protoTCP, f.icmp()} {
			t.Run(fmt.Sprintf("%s/%v", f.name, layers.IPProtocol(protocol)), func(t *testing.T) { test(t, f, protocol) })
		}
	}
}

func TestProbeIsRecorded(t *testing.T) {
	eachProtocol(t, func(t *testing.T, f family, protocol uint8) {
		for _, options := range []int{0, 8} {
			s := shape{ident: testIdent, options: options}
			k := loadKernel(t, protocol)
			packet := f.probe(protocol, s)
			k.send(t, packet)
			checkSlot(t, k, packet, f, s)
			if got := k.counted(t)[KernelCounterCOUNTER_PROBES]; got != 1 {
				t.Errorf("%d probes counted", got)
			}
		}
	})
}

func checkSlot(t *testing.T, k *kernel, packet []byte, f family, s shape) {
	t.Helper()
	var got KernelProbe
	must(t, k.Probes.Lookup(uint32(s.ident%testSlots), &got))
	if got.EgressNs == 0 {
		t.Error("no time was taken")
	}
	want := KernelProbe{EgressNs: got.EgressNs, Ident: s.ident, Protocol: packet[9]}
	want.Transport = [2]uint32(words(packet[f.headerLen(s):][:8]))
	if f.v6 {
		want.Protocol = packet[6]
		want.Saddr, want.Daddr = [4]uint32(words(packet[8:24])), [4]uint32(words(packet[24:40]))
	} else {
		want.IpId = s.ident ^ testSecret
		want.Saddr[0], want.Daddr[0] = words(packet[12:16])[0], words(packet[16:20])[0]
	}
	if got != want {
		t.Errorf("slot holds\n%+v, want\n%+v", got, want)
	}
}

// words reads bytes as C does: in network order, whatever the host's is.
func words(b []byte) (w []uint32) {
	for ; len(b) >= 4; b = b[4:] {
		w = append(w, binary.NativeEndian.Uint32(b))
	}
	return w
}

func TestForeignPacketIsNotRecorded(t *testing.T) {
	packet := ipv4.probe(protoUDP, shape{ident: testIdent})
	fragment := ipv4.probe(protoUDP, shape{ident: testIdent})
	fragment[7] = 1
	for _, tt := range []struct {
		name   string
		cookie int32
		packet []byte
	}{
		{"other socket", testCookie + 1, packet},
		{"no socket", 0, packet},
		{"later fragment", testCookie, fragment},
		{"no room for a transport header", testCookie, packet[:27]},
		{"header length below 5", testCookie, with(packet, 0)[:28]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := loadKernel(t, protoUDP, func(s *KernelSpecs) { fixCookie(s.StampProbe, tt.cookie) })
			k.send(t, tt.packet)
			if got := k.counted(t); got != [KernelCounterCOUNTERS]uint64{} {
				t.Errorf("counted %v", got)
			}
		})
	}
}

func TestSocketCookieIsRead(t *testing.T) {
	k := loadForeign(t)
	k.send(t, ipv4.probe(protoUDP, shape{ident: testIdent}))
	if got := k.counted(t); got != [KernelCounterCOUNTERS]uint64{} {
		t.Errorf("counted %v", got)
	}
}

func TestPayloadOfSYNIsRecorded(t *testing.T) {
	k := loadKernel(t, protoTCP)
	syn := tcp(layers.TCP{SrcPort: testPort, DstPort: targetPort, Seq: testSeq, SYN: true}, 1, 2, 3)
	k.send(t, ipv4.packet(ipv4.source, ipv4.target, protoTCP, shape{}, syn))
	var got KernelProbe
	must(t, k.Probes.Lookup(uint32(testIdent%testSlots), &got))
	if got.Payload != 3 {
		t.Errorf("recorded %d bytes of payload, want 3", got.Payload)
	}
}

// A later probe takes over the slot of an older one, which then is nobody's.
func TestSlotIsReused(t *testing.T) {
	k := loadKernel(t, protoUDP)
	older := ipv4.probe(protoUDP, shape{ident: testIdent})
	later := ipv4.probe(protoUDP, shape{ident: testIdent + testSlots})
	k.send(t, older)
	k.send(t, later)
	if e := k.receive(t, ipv4.errorAbout(11, shape{}, older)); e != nil {
		t.Errorf("an answer to the older probe gave %+v", e)
	}
	if e := k.receive(t, ipv4.errorAbout(11, shape{}, later)); e == nil || e.Flags != 0 {
		t.Errorf("an answer to the later probe gave %+v", e)
	}
}
