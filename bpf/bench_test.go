package bpf

import (
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/gopacket/gopacket/layers"
)

// benchRepeat is how often one system call runs a program; few enough that the
// events of all fit into the ring.
const benchRepeat = 4096

// BenchmarkPrograms reports what each kind of packet costs, by itself and above
// a program that does nothing. Answers are duplicates but for the first.
func BenchmarkPrograms(b *testing.B) {
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	other := ipv4.probe(protoUDP, shape{ident: testIdent + 1})
	foreignTCP := tcp(layers.TCP{SrcPort: 443, DstPort: testPort + 1, ACK: true})
	ours := loadKernel(b, protoUDP)
	ours.send(b, probe)
	refined, _ := loadReceive(b)
	strangers := loadForeign(b)
	empty := emptyProgram(b)
	for _, bb := range []struct {
		name   string
		prog   *ebpf.Program
		packet []byte
	}{
		{"empty", empty, probe},
		{"egress/foreign", strangers.StampProbe, probe},
		{"egress/probe", ours.StampProbe, probe},
		{"ingress/foreign_tcp", ours.StampAnswer, ipv4.reply(protoTCP, foreignTCP)},
		{"ingress/foreign_tcp6", ours.StampAnswer, ipv6.reply(protoTCP, foreignTCP)},
		{"ingress/foreign_icmp_error", ours.StampAnswer, ipv4.errorAbout(11, shape{}, other)},
		{"ingress/answer", ours.StampAnswer, ipv4.errorAbout(11, shape{}, probe)},
		{"ingress/answer_refined", refined.StampAnswer, ipv4.errorAbout(11, shape{}, probe)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var base, cost float64
			for b.Loop() { // in turns, so that what disturbs one disturbs both
				base += perPacket(b, empty, ethernet(bb.packet))
				cost += perPacket(b, bb.prog, ethernet(bb.packet))
				ours.drain(b)
				refined.drain(b)
			}
			b.ReportMetric(cost/float64(b.N), "ns/packet")
			b.ReportMetric((cost-base)/float64(b.N), "extra-ns/packet")
			b.ReportMetric(cost/base, "times-empty")
			b.ReportMetric(0, "ns/op") // says nothing: each op is thousands of packets
		})
	}
}

// perPacket returns the mean of benchRepeat runs, in nanoseconds.
func perPacket(b *testing.B, prog *ebpf.Program, frame []byte) float64 {
	ret, took, err := prog.Benchmark(frame, benchRepeat, nil)
	must(b, err)
	if ret != tcxNext {
		b.Fatalf("%v returned %d, not TCX_NEXT", prog, int32(ret))
	}
	return float64(took)
}

// drain makes room in the ring.
func (k *kernel) drain(b *testing.B) {
	for k.ring.AvailableBytes() > 0 {
		k.ring.SetDeadline(time.Now())
		_, err := k.ring.Read()
		must(b, err)
	}
}

func emptyProgram(b *testing.B) *ebpf.Program {
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.SchedCLS, License: "Dual MIT/GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, -1), asm.Return()},
	})
	must(b, err)
	b.Cleanup(func() { prog.Close() })
	return prog
}
