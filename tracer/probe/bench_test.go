package probe_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func BenchmarkMarshal(b *testing.B) {
	for name, f := range map[string]probe.Flow{"IPv4": flow4(), "IPv6": flow6()} {
		for _, p := range probe.Protocols {
			b.Run(p.Name()+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					marshal(b, p, f, 7, 0x1234)
				}
			})
		}
	}
}
