package doctor

import (
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func is[T any](v T) Fact[T]           { return found(v, nil) }
func failed[T any](err error) Fact[T] { return Fact[T]{err: err, looked: true} }

var (
	works   = is(none{})
	refused = failed[none](unix.EPERM)
	absent  = failed[none](ebpf.ErrNotSupported)
)

// healthy is a host that lacks nothing, as root finds it.
func healthy() *Facts {
	return &Facts{
		Kernel: is(kernelOf("6.12.9", "debian", "13")), Process: is(Process{Executable: "/usr/bin/ebpftrace"}),
		Capabilities: is(Capabilities{}),
		Device:       is(Device{Name: "eth0", Index: 2, By: "the default route", Kind: "ether", Up: true, MTU: 1500, Stamps: true}),
		BTF:          is(BTF{Tracepoint: true}),
		Programs:     works, RingBuffer: works, TAIHelper: works, KernelReads: works, Receive: works,
		JIT: is(JIT{Compiled: true}), Memlock: is(Memlock{Soft: 64 << 10, Raisable: true}),
		Unprivileged: is("2"), Lockdown: is("[none] integrity confidentiality"),
		TAI:         is(TAI{37 * time.Second}),
		Clocksource: is(Clocksource{"tsc", []string{"tsc", "hpet"}, 30 * time.Nanosecond}),
		Datagram:    works, Raw: works, Ping: works, PingRange: is("0 2147483647"),
		TCX: is(TCX{}), Filters: is[[]Filter](nil), Leftovers: is[[]Leftover](nil),
		Trial: is(Trial{Hooks: loader.TCX, Timing: stamp.Timings[0]}),
	}
}

func kernelOf(release, distribution, version string) Kernel {
	k := Kernel{Release: release, Machine: "x86_64", Distribution: distribution, VersionID: version}
	if err := k.parse(); err != nil {
		panic(err)
	}
	return k
}

// without takes capabilities away, and what they allow, as from a user who has a
// setcap executable. Without an argument only CAP_SYS_ADMIN is gone.
func (f *Facts) without(missing ...cap.Value) {
	f.Process = is(Process{UID: 1000, Executable: "/usr/bin/ebpftrace"})
	f.Capabilities = is(Capabilities{Missing: missing})
	f.Trial = failed[Trial](&NotTriedError{"CAP_SYS_ADMIN"})
	for _, x := range []struct {
		needs []cap.Value
		try   *Try
		err   error
	}{
		{loadNeeds, &f.Programs, unix.EPERM}, {loadNeeds, &f.TAIHelper, unix.EPERM},
		{[]cap.Value{cap.BPF}, &f.RingBuffer, unix.EPERM}, {tracepointNeeds, &f.KernelReads, unix.EPERM},
		{[]cap.Value{cap.NET_RAW}, &f.Raw, socket.ErrPermission},
	} {
		if len(f.lacking(x.needs...)) > 0 {
			*x.try = failed[none](x.err)
		}
	}
	if err := f.mayAskTCX(); err != nil {
		f.TCX = failed[TCX](err)
	}
}

// fallback is a trial without a stamp.
func fallback(hooks loader.Hooks, timing stamp.Timing, points map[stamp.Point]error) Fact[Trial] {
	t := Trial{Hooks: hooks, Timing: timing}
	for p, err := range points {
		t.Fallbacks = append(t.Fallbacks, &loader.FallbackError{Point: p, Err: err})
	}
	return is(t)
}
