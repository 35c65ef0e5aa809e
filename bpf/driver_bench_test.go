package bpf

import (
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"golang.org/x/sys/unix"
)

// BenchmarkDriver reports what the driver's program costs. BPF_PROG_TEST_RUN does
// not run programs of its kind, so real packets do: the kernel's statistics tell
// the time spent in it and in an empty program that saw the same packets. Both
// include the reading of the statistics' clock, which the difference does not.
func BenchmarkDriver(b *testing.B) {
	b.Run("foreign", func(b *testing.B) { benchmarkDriver(b, 1) })
	b.Run("probe", func(b *testing.B) { benchmarkDriver(b, 0) })
}

// benchmarkDriver adds the number to the cookie that programs look for.
func benchmarkDriver(b *testing.B, other uint64) {
	o := newOutlet(b)
	k := loadKernel(b, protoUDP, func(s *KernelSpecs) { fixCookie(s.StampProbe, testCookie) })
	driver := attachDriver(b, k, o.cookie+other)
	empty := emptyTracing(b)
	attachTracing(b, empty)
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	k.send(b, probe)
	stats, err := ebpf.EnableStats(unix.BPF_STATS_RUN_TIME)
	must(b, err)
	defer stats.Close()
	for b.Loop() {
		o.transmit(b, probe)
	}
	cost, base := perRun(b, driver), perRun(b, empty)
	b.ReportMetric(cost, "ns/packet")
	b.ReportMetric(cost-base, "extra-ns/packet")
}

// perRun returns the mean time that the program took, in nanoseconds.
func perRun(b *testing.B, prog *ebpf.Program) float64 {
	s, err := prog.Stats()
	must(b, err)
	return float64(s.Runtime) / float64(s.RunCount)
}

func emptyTracing(tb testing.TB) *ebpf.Program {
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.Tracing, AttachType: ebpf.AttachTraceRawTp, AttachTo: "net_dev_start_xmit", License: "Dual MIT/GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	must(tb, err)
	tb.Cleanup(func() { prog.Close() })
	return prog
}
