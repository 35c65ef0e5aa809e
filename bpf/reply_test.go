package bpf

import (
	"testing"

	"github.com/gopacket/gopacket/layers"
)

func TestEchoReply(t *testing.T) {
	for _, f := range []family{ipv4, ipv6} {
		t.Run(f.name, func(t *testing.T) {
			kind := uint8(0)
			if f.v6 {
				kind = 129
			}
			k, _ := sent(t, f, f.icmp(), shape{ident: testIdent})
			reply := icmp(kind, testPort, testIdent, 1, 2, 3)
			k.check(t, f.reply(f.icmp(), icmp(kind, testPort+1, testIdent)), ignored) // somebody's ping
			k.check(t, f.reply(f.icmp(), icmp(kind, testPort, testIdent+1)), unmatched)
			k.check(t, f.packet(f.router, f.source, f.icmp(), shape{}, reply), unmatched)
			k.check(t, f.packet(f.target, f.router, f.icmp(), shape{}, reply), unmatched)
			k.check(t, f.reply(f.icmp(), reply), matched)
			k.check(t, f.packet(f.target, f.source, f.icmp(), shape{options: 4}, reply), duplicate)
		})
	}
}

// A host that translates the echo identifier of a probe does so before egress, and
// translates the reply back after ingress.
func TestTranslatedEchoReply(t *testing.T) {
	k := loadKernel(t, ipv4.icmp(), func(s *KernelSpecs) {
		must(t, s.Cfg.Set(KernelConfig{
			Cookie: testCookie, SlotMask: testSlots - 1, Port: testPort + 9, Ports: 1, Secret: testSecret, Protocol: ipv4.icmp(),
		}))
	})
	k.check(t, ipv4.reply(ipv4.icmp(), icmp(0, testPort, testIdent)), ignored) // nothing was sent yet
	k.send(t, ipv4.probe(ipv4.icmp(), shape{ident: testIdent}))
	k.check(t, ipv4.reply(ipv4.icmp(), icmp(0, testPort, testIdent)), matched)
}

func TestTCPReply(t *testing.T) {
	synAck := layers.TCP{SrcPort: targetPort, DstPort: testPort, Ack: testSeq + 1, SYN: true, ACK: true}
	rst := layers.TCP{SrcPort: targetPort, DstPort: testPort, Ack: testSeq + 1, RST: true, ACK: true}
	for _, tt := range []struct {
		name   string
		reply  layers.TCP
		change func(*layers.TCP)
		want   outcome
	}{
		{"SYN ACK", synAck, func(*layers.TCP) {}, matched},
		{"RST ACK", rst, func(*layers.TCP) {}, matched},
		{"RST", rst, func(h *layers.TCP) { h.ACK = false }, unmatched},
		{"SYN", synAck, func(h *layers.TCP) { h.ACK = false }, unmatched},
		{"ACK", synAck, func(h *layers.TCP) { h.SYN = false }, unmatched},
		{"low half of ack", rst, func(h *layers.TCP) { h.Ack++ }, unmatched},
		{"high half of ack", rst, func(h *layers.TCP) { h.Ack += 1 << 16 }, unmatched},
		{"source port", synAck, func(h *layers.TCP) { h.SrcPort++ }, unmatched},
		{"target port", synAck, func(h *layers.TCP) { h.DstPort++ }, ignored},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.change(&tt.reply)
			for _, f := range []family{ipv4, ipv6} {
				k, _ := sent(t, f, protoTCP, shape{ident: testIdent})
				k.check(t, f.reply(protoTCP, tcp(tt.reply)), tt.want)
			}
		})
	}
}

// Flows of TCP differ in the source port: answers to any of the range are looked at,
// up to the last port there is, and those to the others of the range are not the probe's.
func TestTCPReplyToPorts(t *testing.T) {
	const ports = 4
	for _, tt := range []struct {
		first, port uint16
		want        outcome
	}{
		{testPort, testPort, matched},
		{testPort - ports + 1, testPort, matched},
		{testPort - 1, testPort + 1, unmatched},
		{testPort - ports, testPort + 1, ignored},
		{testPort + 1, testPort - 1, ignored},
		{testPort - ports, testPort, matched}, // this host translated the probe's port
		{testPort + 1, testPort, matched},
		{65535 - ports + 1, 65535, unmatched},
		{65535 - ports + 1, 0, ignored},
	} {
		for _, f := range []family{ipv4, ipv6} {
			k := loadKernel(t, protoTCP, func(s *KernelSpecs) {
				must(t, s.Cfg.Set(KernelConfig{
					Cookie: testCookie, SlotMask: testSlots - 1, Port: tt.first, Ports: ports, Secret: testSecret, Protocol: protoTCP,
				}))
			})
			k.send(t, f.probe(protoTCP, shape{ident: testIdent}))
			answer := layers.TCP{SrcPort: targetPort, DstPort: layers.TCPPort(tt.port), Ack: testSeq + 1, SYN: true, ACK: true}
			k.check(t, f.reply(protoTCP, tcp(answer)), tt.want)
		}
	}
}

func TestTCPReplyFromElsewhere(t *testing.T) {
	for _, f := range []family{ipv4, ipv6} {
		k, _ := sent(t, f, protoTCP, shape{ident: testIdent})
		rst := tcp(layers.TCP{SrcPort: targetPort, DstPort: testPort, Ack: testSeq + 1, RST: true, ACK: true})
		k.check(t, f.packet(f.router, f.source, protoTCP, shape{}, rst), unmatched)
		k.check(t, f.packet(f.target, f.router, protoTCP, shape{}, rst), unmatched)
		k.check(t, f.reply(protoTCP, rst)[:f.headerLen(shape{})+19], malformed)
	}
}

// A SYN-ACK acknowledges the SYN alone, a RST its payload too.
func TestTCPReplyToPayload(t *testing.T) {
	for _, ack := range []uint32{1, 1 + 3} {
		k := loadKernel(t, protoTCP)
		syn := tcp(layers.TCP{SrcPort: testPort, DstPort: targetPort, Seq: testSeq, SYN: true}, 1, 2, 3)
		k.send(t, ipv4.packet(ipv4.source, ipv4.target, protoTCP, shape{}, syn))
		rst := layers.TCP{SrcPort: targetPort, DstPort: testPort, Ack: testSeq + ack + 1, RST: true, ACK: true}
		k.check(t, ipv4.reply(protoTCP, tcp(rst)), unmatched)
		rst.Ack--
		k.check(t, ipv4.reply(protoTCP, tcp(rst)), matched)
	}
}

// With a payload of n bytes, what acknowledges one probe may acknowledge another whose
// identifier is n apart: a reset means the payload too, a SYN-ACK does not.
func TestTCPReplyToOneOfTwo(t *testing.T) {
	const payload = 3
	for _, tt := range []struct {
		name   string
		answer layers.TCP
		ack    uint32 // beyond the sequence number of the probe meant
		other  int    // what the identifier of the other probe is more
	}{
		{"SYN ACK", layers.TCP{SYN: true, ACK: true}, 1, -payload},
		{"RST", layers.TCP{RST: true, ACK: true}, 1 + payload, payload},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := loadKernel(t, protoTCP)
			for _, more := range []int{0, tt.other} {
				syn := tcp(layers.TCP{SrcPort: testPort, DstPort: targetPort, Seq: uint32(int(testSeq) + more), SYN: true}, 1, 2, 3)
				k.send(t, ipv4.packet(ipv4.source, ipv4.target, protoTCP, shape{}, syn))
			}
			tt.answer.SrcPort, tt.answer.DstPort, tt.answer.Ack = targetPort, testPort, testSeq+tt.ack
			k.check(t, ipv4.reply(protoTCP, tcp(tt.answer)), matched)
		})
	}
}

func TestUDPReply(t *testing.T) {
	for _, f := range []family{ipv4, ipv6} {
		t.Run(f.name, func(t *testing.T) {
			k, _ := sent(t, f, protoUDP, shape{ident: testIdent})
			named := udp(targetPort, testPort, 1, []byte{testIdent >> 8, testIdent & 0xff, 9})
			k.check(t, f.packet(f.router, f.source, protoUDP, shape{}, named), unmatched)
			k.check(t, f.packet(f.target, f.router, protoUDP, shape{}, named), unmatched)
			k.check(t, f.reply(protoUDP, udp(targetPort+1, testPort, 1, []byte{testIdent >> 8, testIdent & 0xff})), unmatched)
			k.check(t, f.reply(protoUDP, named), matched)
			k.check(t, f.reply(protoUDP, named), duplicate)
		})
	}
}

// An answer that names no probe goes to the last one, and does not use it up.
func TestUnidentifiedUDPReply(t *testing.T) {
	for _, f := range []family{ipv4, ipv6} {
		t.Run(f.name, func(t *testing.T) {
			k := loadKernel(t, protoUDP)
			other := udp(targetPort, testPort, 1, []byte{0xff, 0xfe, 0xfd})
			empty := udp(targetPort, testPort, 1, nil)
			k.check(t, f.reply(protoUDP, other), unmatched)
			k.send(t, f.probe(protoUDP, shape{ident: testIdent - 1}))
			k.send(t, f.probe(protoUDP, shape{ident: testIdent}))
			k.check(t, f.packet(f.router, f.source, protoUDP, shape{}, other), unmatched)
			k.check(t, f.reply(protoUDP, other), unidentified)
			k.check(t, f.reply(protoUDP, empty), unidentified)
			k.check(t, f.reply(protoUDP, udp(targetPort, testPort, 1, []byte{testIdent >> 8, testIdent & 0xff})), matched)
		})
	}
}
