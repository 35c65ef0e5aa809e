package bpf

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
)

type counts = [KernelCounterCOUNTERS]uint64

// arena holds programs that saw a flow's probes leave, and a joiner that saw the
// same: package join goes by the same rules in code of its own.
type arena struct {
	*kernel
	*flow
	joiner  *join.Joiner
	memory  *ebpf.Memory // of the counters
	claimed map[uint16]bool
	// departed is what was counted before the probes left for the last time.
	departed counts
}

// arenas returns one for each flow that was captured. They are loaded once for all
// tests, for on an emulated machine that takes long.
func arenas(tb testing.TB) []*arena {
	tb.Helper()
	needRoot(tb)
	if loaded == nil {
		for _, f := range flows(tb) {
			loaded = append(loaded, newArena(lasting{tb}, f))
		}
	}
	for _, a := range loaded {
		a.depart(tb)
	}
	return loaded
}

var loaded []*arena

// lasting is a test whose end closes nothing: the end of the process does.
type lasting struct{ testing.TB }

func (lasting) Cleanup(func()) {}

func newArena(tb testing.TB, f *flow) *arena {
	tb.Helper()
	a := &arena{kernel: loadFlow(tb, f), flow: f}
	var err error
	a.memory, err = a.Counters.Memory()
	must(tb, err)
	a.depart(tb)
	return a
}

// loadFlow loads the programs for a flow.
func loadFlow(tb testing.TB, f *flow, change ...func(*KernelSpecs)) *kernel {
	tb.Helper()
	return loadKernel(tb, f.protocol, append(change, mapCounters, func(s *KernelSpecs) {
		s.Events.MaxEntries = 1 << 18
		must(tb, s.Cfg.Set(KernelConfig{
			Cookie: testCookie, SlotMask: testSlots - 1, Port: f.port, Ports: 1, Secret: f.secret, Protocol: f.protocol,
		}))
	})...)
}

// mapCounters makes the counters be read without a system call. They are not one
// for each CPU then, but no two programs run at a time.
func mapCounters(s *KernelSpecs) {
	s.Counters.Type = ebpf.Array
	s.Counters.Flags = unix.BPF_F_MMAPABLE
}

// depart lets the probes leave, once more: nobody has answered them yet.
func (a *arena) depart(tb testing.TB) {
	tb.Helper()
	var err error
	a.joiner, err = join.New(join.Options{Protocol: a.protocol, SourcePort: a.port, Secret: a.secret, Slots: testSlots})
	must(tb, err)
	a.claimed, a.departed = map[uint16]bool{}, a.tally()
	for _, probe := range a.probes {
		a.send(tb, probe)
		a.joiner.Sent(probe)
	}
}

func (a *arena) tally() (all counts) {
	var b [8 * len(all)]byte
	a.memory.ReadAt(b[:], 0) // cannot fail: that much is there
	for i := range all {
		all[i] = binary.NativeEndian.Uint64(b[8*i:])
	}
	return all
}

// admit lets a packet in, and holds what comes of it against the joiner and
// against the bytes. It returns how often each counter was raised.
func (a *arena) admit(tb testing.TB, packet []byte) (raised counts) {
	before, joined := a.tally(), a.joiner.Counters()
	a.run(tb, a.StampAnswer, ethernet(packet))
	raised = a.tally()
	for i, n := range before {
		raised[i] -= n
	}
	event := a.next(tb)
	want, ok := a.joiner.Join(packet)
	if raised != raisedBy(joined, a.joiner.Counters()) {
		tb.Fatalf("counted %v, package join %+v, of %x", raised, a.joiner.Counters(), packet)
	}
	if ok != (event != nil) || ok && !sameAnswer(event, want) {
		tb.Fatalf("reported %+v, package join %+v (%v), of %x", event, want, ok, packet)
	}
	a.audit(tb, packet, event, raised)
	return raised
}

// raisedBy says in the programs' terms what the joiner has counted.
func raisedBy(before, after tracer.Counters) (raised counts) {
	raised[KernelCounterCOUNTER_PROBES] = after.Probes - before.Probes
	raised[KernelCounterCOUNTER_ANSWERS] = after.Answers - before.Answers
	raised[KernelCounterCOUNTER_DUPLICATES] = after.Duplicates - before.Duplicates
	raised[KernelCounterCOUNTER_UNMATCHED] = after.Unmatched - before.Unmatched
	raised[KernelCounterCOUNTER_FOREIGN] = after.Foreign - before.Foreign
	raised[KernelCounterCOUNTER_MALFORMED] = after.Malformed - before.Malformed
	return raised
}

func sameAnswer(e *KernelEvent, a tracer.Answer) bool {
	var flags KernelAnswerFlag
	for flag, set := range map[KernelAnswerFlag]bool{
		KernelAnswerFlagANSWER_DUPLICATE:    a.Duplicate,
		KernelAnswerFlagANSWER_REWRITTEN:    a.Rewritten,
		KernelAnswerFlagANSWER_UNIDENTIFIED: a.Unidentified,
	} {
		if set {
			flags |= flag
		}
	}
	return e.Ident == a.Ident && e.Flags == uint8(flags) && int(e.PacketLen) == a.Length && bytes.Equal(e.Snapshot(), a.Packet)
}
