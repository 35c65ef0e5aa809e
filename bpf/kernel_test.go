package bpf

import (
	"os"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/ringbuf"
	"github.com/cilium/ebpf/rlimit"
)

const (
	testCookie = 7
	testSlots  = 256
	tcxNext    = 0xffffffff // TCX_NEXT is -1
)

// kernel runs the programs on packets that no device ever carried.
type kernel struct {
	KernelObjects
	ring *ringbuf.Reader
}

// loadKernel loads the programs for probes of that protocol.
func loadKernel(tb testing.TB, protocol uint8, change ...func(*KernelSpecs)) *kernel {
	tb.Helper()
	needRoot(tb)
	spec, err := LoadKernel()
	must(tb, err)
	var specs KernelSpecs
	must(tb, spec.Assign(&specs))
	must(tb, specs.Cfg.Set(KernelConfig{
		Cookie: testCookie, SlotMask: testSlots - 1, Port: testPort, Ports: 1, Secret: testSecret, Protocol: protocol,
	}))
	specs.Probes.MaxEntries, specs.Armed.MaxEntries = testSlots, testSlots
	for _, c := range change {
		c(&specs)
	}
	fixCookie(specs.StampProbe, testCookie) // unless changed already
	return start(tb, spec)
}

// loadForeign loads programs to which every packet is foreign: they read the
// real cookies, none of which is testCookie, a small number that the kernel gave
// away long ago.
func loadForeign(tb testing.TB) *kernel {
	tb.Helper()
	needRoot(tb)
	spec, err := LoadKernel()
	must(tb, err)
	var specs KernelSpecs
	must(tb, spec.Assign(&specs))
	must(tb, specs.Cfg.Set(KernelConfig{Cookie: testCookie}))
	return start(tb, spec)
}

func start(tb testing.TB, spec *ebpf.CollectionSpec) *kernel {
	tb.Helper()
	k := new(kernel)
	must(tb, spec.LoadAndAssign(&k.KernelObjects, nil))
	tb.Cleanup(func() { k.KernelObjects.Close() })
	ring, err := ringbuf.NewReader(k.Events)
	must(tb, err)
	k.ring = ring
	tb.Cleanup(func() { ring.Close() })
	return k
}

// fixCookie makes the program read that socket cookie: BPF_PROG_TEST_RUN gives
// every run a new socket with a cookie of its own.
func fixCookie(prog *ebpf.ProgramSpec, cookie int32) {
	for i, ins := range prog.Instructions {
		if ins.IsBuiltinCall() && ins.Constant == int64(asm.FnGetSocketCookie) {
			prog.Instructions[i] = asm.Mov.Imm(asm.R0, cookie).WithMetadata(ins.Metadata)
		}
	}
}

// send lets a packet leave the host.
func (k *kernel) send(tb testing.TB, packet []byte) {
	tb.Helper()
	k.run(tb, k.StampProbe, ethernet(packet))
}

// receive lets a packet enter the host, and returns the event that comes of it
// or nil.
func (k *kernel) receive(tb testing.TB, packet []byte) *KernelEvent {
	tb.Helper()
	k.run(tb, k.StampAnswer, ethernet(packet))
	return k.next(tb)
}

// next returns the event that waits in the ring, or nil.
func (k *kernel) next(tb testing.TB) *KernelEvent {
	tb.Helper()
	if k.ring.AvailableBytes() == 0 {
		return nil
	}
	k.ring.SetDeadline(time.Now())
	record, err := k.ring.Read()
	must(tb, err)
	e := new(KernelEvent)
	must(tb, e.UnmarshalBinary(record.RawSample))
	return e
}

// run gives the program a frame, and checks that it lets that go on.
func (k *kernel) run(tb testing.TB, prog *ebpf.Program, packet []byte) {
	tb.Helper()
	ret, err := prog.Run(&ebpf.RunOptions{Data: packet})
	must(tb, err)
	if ret != tcxNext {
		tb.Fatalf("%v returned %d, not TCX_NEXT", prog, int32(ret))
	}
}

// counted returns all counters, summed over the CPUs.
func (k *kernel) counted(tb testing.TB) (all [KernelCounterCOUNTERS]uint64) {
	tb.Helper()
	for which := range all {
		var perCPU []uint64
		must(tb, k.Counters.Lookup(uint32(which), &perCPU))
		for _, n := range perCPU {
			all[which] += n
		}
	}
	return all
}

func needRoot(tb testing.TB) {
	tb.Helper()
	if os.Geteuid() != 0 {
		tb.Skip("needs root, to load eBPF programs")
	}
	must(tb, rlimit.RemoveMemlock())
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%+v", err)
	}
}
