package doctor

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func TestRungs(t *testing.T) {
	silent := device(func(d *Device) { d.Stamps = false })
	for _, tt := range []struct {
		name    string
		change  func(*Facts)
		timing  string
		sockets Sockets
		tried   bool
		status  Status
	}{
		{"root", func(*Facts) {}, "kernel", Raw, true, OK},
		{"setcap", func(f *Facts) { f.without() }, "kernel", Raw, false, OK},
		{"slow", func(f *Facts) { f.Trial = failed[Trial](errSlow) }, "kernel", Raw, false, OK},
		{"no interface", func(f *Facts) { f.Device = failed[Device](errNoDefault) }, "kernel", Raw, true, OK},
		{"no perfmon", func(f *Facts) { f.without(cap.PERFMON) }, "tcx+receive", Raw, false, Degraded},
		{"no perfmon, no receive stamps", func(f *Facts) { f.without(cap.PERFMON); f.TAIHelper = absent }, "tcx", Raw, false, Degraded},
		{"Linux 5.10", old510, "driver+tcx", Raw, true, Degraded},
		{"Linux 5.10, setcap", both(old510, func(f *Facts) { f.without() }), "driver+tcx", Raw, false, Degraded},
		{"Linux 5.10, setcap, low limit", both(old510, func(f *Facts) { f.without(); f.Memlock.value.Raisable = false }), "socket", Raw, false, Degraded},
		{"Linux 6.1", old61, "kernel", Raw, true, OK},
		{"clsact in the way", both(old61, device(func(d *Device) { d.Qdisc = "ingress" })), "socket", Raw, false, Degraded},
		{"no ring buffer", func(f *Facts) { f.without(); f.RingBuffer = absent }, "socket", Raw, false, Degraded},
		{"trial failed", func(f *Facts) { f.Trial = failed[Trial](unix.EPERM) }, "socket", Raw, false, Degraded},
		{"raw alone", func(f *Facts) { f.without(cap.BPF, cap.NET_ADMIN, cap.PERFMON) }, "socket", Raw, false, Degraded},
		{"raw alone, silent driver", both(func(f *Facts) { f.without(cap.BPF, cap.NET_ADMIN, cap.PERFMON) }, silent), "user", Raw, false, Degraded},
		{"all but raw", func(f *Facts) { f.without(cap.NET_RAW) }, "socket", Datagram, false, Degraded},
		{"nobody", nobody, "socket", Datagram, false, Degraded},
		{"nobody, silent driver", both(nobody, silent), "user", Datagram, false, Degraded},
		{"nobody, unstamped", both(nobody, func(f *Facts) { f.Receive = failed[none](errUnstamped) }), "user", Datagram, false, Degraded},
		{"no sockets", both(nobody, func(f *Facts) { f.Datagram = failed[none](unix.EACCES) }), "", "", false, Missing},
		{"interface down", device(func(d *Device) { d.Up = false }), "", "", false, Missing},
		{"no route", func(f *Facts) { f.Device = failed[Device](errors.New("no route")) }, "", "", false, Missing},
	} {
		f := healthy()
		tt.change(f)
		got := f.rung()
		want := Rung{timingOf(t, tt.timing), tt.sockets, tt.tried}
		if got != want || got.Status() != tt.status {
			t.Errorf("%s: %+v, %s; want %+v, %s", tt.name, got, got.Status(), want, tt.status)
		}
		line := judgeTiming(f)
		if line.Status != tt.status || !strings.Contains(line.Found, tt.timing) || (line.Cost == "") != (tt.status == OK) && tt.status != Missing {
			t.Errorf("%s: %+v", tt.name, line)
		}
	}
}

func timingOf(t *testing.T, name string) (found stamp.Timing) {
	t.Helper()
	for _, s := range stamp.Timings {
		if s.Name == name {
			found = s
		}
	}
	if found.Name != name {
		t.Fatalf("no timing %q", name)
	}
	return found
}

// The trial is believed where it contradicts what single tries gave.
func TestTrialWins(t *testing.T) {
	f := healthy()
	f.Kernel = is(kernelOf("5.4.0", "", ""))
	f.RingBuffer, f.TAIHelper, f.Programs = absent, absent, absent
	f.TCX = failed[TCX](errors.ErrUnsupported)
	if got := f.rung(); got.Timing.Name != "kernel" || !got.Tried {
		t.Errorf("%+v", got)
	}
	if hooks, _, err := f.hooks(); hooks != loader.TCX || err != nil {
		t.Errorf("%v, %v", hooks, err)
	}
}
