package socket_test

import (
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// A device whose driver stamps nothing is known beforehand.
func TestTiming(t *testing.T) {
	isolate(t)
	if out, err := exec.Command("ip", "link", "add", "plain", "type", "bridge").CombinedOutput(); err != nil {
		t.Skipf("needs ip, of iproute2, and bridges: %s", out)
	}
	for device, want := range map[string]string{"lo": "socket", "plain": "user"} {
		raw, err := socket.Open(socket.Options{Interface: device})
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		for timestamps, want := range map[bool]string{true: want, false: "user"} {
			l, err := socket.Listen(socket.ListenOptions{Raw: raw, Protocol: unix.IPPROTO_UDP, SourcePort: 9, Timestamps: timestamps})
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Timing().Name; got != want {
				t.Errorf("%s, timestamps %v: %q, want %q", device, timestamps, got, want)
			}
			l.Close()
		}
	}
}

func TestListenerCloses(t *testing.T) {
	isolate(t)
	before := descriptors(t)
	for range 20 {
		raw, err := socket.Open(socket.Options{Index: 1})
		if err != nil {
			t.Fatal(err)
		}
		l, err := socket.Listen(socket.ListenOptions{Raw: raw, Protocol: unix.IPPROTO_TCP, SourcePort: 9, Timestamps: true})
		if err != nil {
			t.Fatal(err)
		}
		waited := make(chan error)
		go func() {
			_, err := l.Next(time.Now().Add(time.Minute))
			waited <- err
		}()
		if err := errors.Join(l.Close(), l.Close(), raw.Close()); err != nil {
			t.Error(err)
		}
		if err := <-waited; !errors.Is(err, os.ErrClosed) {
			t.Errorf("Next returned %v, want os.ErrClosed", err)
		}
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
	if _, err := socket.Listen(socket.ListenOptions{Slots: 3}); err == nil {
		t.Error("3 slots were accepted")
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// CAP_NET_RAW is enough, and needed.
func TestListenerNeedsOnlyNetRaw(t *testing.T) {
	isolate(t)
	before, err := socket.Open(socket.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	keep(t, 1<<unix.CAP_NET_RAW)
	for _, p := range probe.Protocols {
		listener, flow := open(t, way{p, false, true}, loopback4, nil)
		got, err := tracer.Run(t.Context(), tracer.Config{Flow: flow, Protocol: p}, listener, listener)
		if err != nil || !got.Reached() || listener.Timing().Name != "socket" {
			t.Errorf("%s: %+v, %v", p.Name(), got, err)
		}
	}
	keep(t, 0)
	if _, err := socket.Listen(socket.ListenOptions{Raw: before, Protocol: unix.IPPROTO_UDP}); !errors.Is(err, socket.ErrPermission) {
		t.Errorf("without capabilities: %v, want ErrPermission", err)
	}
}

// keep drops all but some of the first 32 capabilities of the calling thread,
// which isolate has given up.
func keep(t *testing.T, some uint32) {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	sets := [2]unix.CapUserData{{Effective: some, Permitted: some}}
	if err := unix.Capset(&header, &sets[0]); err != nil {
		t.Fatal(err)
	}
}
