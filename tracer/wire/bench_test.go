package wire_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

func BenchmarkParseAnswer(b *testing.B) {
	labelled := error4(11, 0)
	labelled.Extension, labelled.Framing = wiretest.Structure(wiretest.MPLS(16001, 0, 1)), wiretest.Declared
	echo := wire.Echo{Reply: true}.Append(nil, target4, source4, make([]byte, 32))
	benchmarks := []struct {
		name   string
		packet []byte
	}{
		{"TimeExceeded4", error4(11, 0).Packet()},
		{"TimeExceeded6", error6(3, 0).Packet()},
		{"TimeExceededMPLS", labelled.Packet()},
		{"EchoReply", direct4(1, echo)},
	}
	for _, bm := range benchmarks {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.ParseAnswer(bm.packet); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkChecksum(b *testing.B) {
	packet := make([]byte, 1500)
	b.SetBytes(1500)
	for b.Loop() {
		wire.Checksum(packet)
	}
}
