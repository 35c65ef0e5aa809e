package bpf

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"golang.org/x/sys/unix"
)

// With these BPF_PROG_TEST_RUN fills a packet's struct __sk_buff.
const (
	contextLen   = 192
	contextStamp = 152 // offset of tstamp
)

// TAI is this much further ahead than on the host, where it may not be at all.
const pretended = 37 * time.Second

// wall returns the wall time that goes with it.
func wall(tb testing.TB) time.Duration { return clock(tb, unix.CLOCK_REALTIME) - pretended }

// loadReceive loads programs that take receive stamps, and lets a probe leave.
func loadReceive(tb testing.TB) (*kernel, []byte) {
	tb.Helper()
	needRoot(tb)
	if err := features.HaveProgramHelper(ebpf.SchedCLS, asm.FnKtimeGetTaiNs); err != nil {
		tb.Skipf("bpf_ktime_get_tai_ns: %v (Linux 6.1 has it)", err)
	}
	offset := clock(tb, unix.CLOCK_TAI) - clock(tb, unix.CLOCK_REALTIME)
	k := loadKernel(tb, protoUDP, func(s *KernelSpecs) {
		must(tb, s.Cfg.Set(KernelConfig{
			Cookie: testCookie, SlotMask: testSlots - 1, Port: testPort, Ports: 1, Secret: testSecret, Protocol: protoUDP,
			Receive: 1, TaiOffsetNs: uint64(offset.Round(time.Second) + pretended),
		}))
	})
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	k.send(tb, probe)
	return k, probe
}

func clock(tb testing.TB, id int32) time.Duration {
	tb.Helper()
	var ts unix.Timespec
	must(tb, unix.ClockGettime(id, &ts))
	return time.Duration(ts.Nano())
}

// receiveAt is receive, for a packet that entered the stack at that wall time.
func (k *kernel) receiveAt(tb testing.TB, packet []byte, at time.Duration) *KernelEvent {
	tb.Helper()
	context := make([]byte, contextLen)
	binary.NativeEndian.PutUint64(context[contextStamp:], uint64(at))
	ret, err := k.StampAnswer.Run(&ebpf.RunOptions{Data: ethernet(packet), Context: context})
	must(tb, err)
	if ret != tcxNext {
		tb.Fatalf("returned %d, not TCX_NEXT", int32(ret))
	}
	return k.next(tb)
}

func TestReceiveStamp(t *testing.T) {
	k, probe := loadReceive(t)
	// An emulated CPU translates code when it first runs, so slowly that the
	// readings of the clocks lie too far apart.
	k.receiveAt(t, ipv4.errorAbout(11, shape{}, probe), wall(t))
	ago := func(age time.Duration) time.Duration { return wall(t) - age }
	for _, tt := range []struct {
		name    string
		at      time.Duration
		taken   bool
		dropped uint64 // counted as impossible
	}{
		{"none", 0, false, 0},
		{"now", ago(0), true, 0},
		{"a millisecond ago", ago(time.Millisecond), true, 0},
		{"20 ms ago", ago(20 * time.Millisecond), true, 0},
		{"too long ago", ago(51 * time.Millisecond), false, 1},
		{"before the clock was set on", ago(time.Hour), false, 1},
		{"ahead", ago(-10 * time.Second), false, 1},
		{"monotonic", clock(t, unix.CLOCK_MONOTONIC), false, 1},
		{"TAI", ago(-37 * time.Second), false, 1},
	} {
		before := k.counted(t)[KernelCounterCOUNTER_IMPOSSIBLE]
		start := wall(t)
		e := k.receiveAt(t, ipv4.errorAbout(11, shape{}, probe), tt.at)
		if got := k.counted(t)[KernelCounterCOUNTER_IMPOSSIBLE] - before; got != tt.dropped {
			t.Errorf("%s: %d dropped, want %d", tt.name, got, tt.dropped)
		}
		if e == nil || (e.ReceiveNs != 0) != tt.taken {
			t.Fatalf("%s: event is %+v", tt.name, e)
		}
		if tt.taken {
			checkAge(t, tt.name, e, start-tt.at)
		}
	}
}

// checkAge compares the age of the receive stamp: at least what it was when the
// program was called, and not much more.
func checkAge(t *testing.T, name string, e *KernelEvent, least time.Duration) {
	t.Helper()
	age := time.Duration(e.IngressNs - e.ReceiveNs)
	if e.ReceiveNs > e.IngressNs || age < least || age > least+5*time.Millisecond {
		t.Errorf("%s: received %v before ingress, want %v", name, age, least)
	}
}

func TestDuplicateHasItsOwnReceiveStamp(t *testing.T) {
	k, probe := loadReceive(t)
	answer := ipv4.errorAbout(11, shape{}, probe)
	first := k.receiveAt(t, answer, wall(t))
	second := k.receiveAt(t, answer, wall(t))
	if second.Flags != uint8(KernelAnswerFlagANSWER_DUPLICATE) || second.ReceiveNs <= first.ReceiveNs {
		t.Errorf("first %+v, then %+v", first, second)
	}
}

func TestReceiveStampIsLeftAloneUnlessAskedFor(t *testing.T) {
	k, probe := sent(t, ipv4, protoUDP, shape{ident: testIdent})
	e := k.receiveAt(t, ipv4.errorAbout(11, shape{}, probe), wall(t))
	if n := k.counted(t)[KernelCounterCOUNTER_IMPOSSIBLE]; e == nil || e.ReceiveNs != 0 || n != 0 {
		t.Errorf("event is %+v, %d stamps dropped", e, n)
	}
}

// Linux before 6.1 knows no such helper, so must not find it in what can run.
func TestReceiveStampIsDeadCodeUnlessAskedFor(t *testing.T) {
	needRoot(t)
	for _, receive := range []uint8{0, 1} {
		spec, err := LoadKernel()
		must(t, err)
		var specs KernelSpecs
		must(t, spec.Assign(&specs))
		must(t, specs.Cfg.Set(KernelConfig{Protocol: protoUDP, Receive: receive}))
		unknown := 0
		for i, ins := range specs.StampAnswer.Instructions {
			if ins.IsBuiltinCall() && ins.Constant == int64(asm.FnKtimeGetTaiNs) {
				specs.StampAnswer.Instructions[i].Constant = 1 << 20
				unknown++
			}
		}
		var objects KernelObjects
		err = spec.LoadAndAssign(&objects, nil)
		objects.Close()
		if unknown == 0 || (err == nil) != (receive == 0) {
			t.Errorf("receive=%d: loading with %d unknown helpers gave error %v", receive, unknown, err)
		}
	}
}
