package socket

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// watchLoopback watches lo in a network namespace of the test's own, and leaves
// it to the test to wait for news.
func watchLoopback(t *testing.T) (*watch, netlink.Link) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes a network namespace")
	}
	runtime.LockOSThread() // for good: the namespace goes with the thread
	must(t, unix.Unshare(unix.CLONE_NEWNET))
	lo, err := netlink.LinkByName("lo")
	must(t, err)
	must(t, netlink.LinkSetUp(lo))
	w := &watch{route: Route{Interface: "lo", Index: lo.Attrs().Index, Source: netip.MustParseAddr("127.0.0.1")}}
	must(t, w.open())
	t.Cleanup(w.close)
	must(t, w.look())
	return w, lo
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// checkRun checks why the watch has the context end.
func checkRun(t *testing.T, w *watch, want error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	w.run(ctx, cancel)
	if !errors.Is(context.Cause(ctx), want) {
		t.Errorf("ended by %v, want %v", context.Cause(ctx), want)
	}
}

// flooded is how many changes are more than the smallest socket has room for.
const flooded = 500

// What the kernel told while the queue was full is made good by looking.
func TestWatchOverflow(t *testing.T) {
	w, lo := watchLoopback(t)
	must(t, w.events.SetReceiveBufferSize(1, true)) // the least there is
	for i := range flooded {
		must(t, netlink.LinkSetMTU(lo, 10_000+i))
	}
	must(t, netlink.LinkSetDown(lo)) // told to nobody: the queue is full
	checkRun(t, w, unix.ENETDOWN)
}

// Down is down, even if the interface is up again by the time that one looks.
func TestWatchDownForAMoment(t *testing.T) {
	w, lo := watchLoopback(t)
	must(t, netlink.LinkSetDown(lo))
	must(t, netlink.LinkSetUp(lo))
	must(t, w.look())
	checkRun(t, w, unix.ENETDOWN)
}

// A probe may be refused before anything was told. The verdict does not wait.
func TestWatchVerdict(t *testing.T) {
	w, lo := watchLoopback(t)
	must(t, netlink.LinkSetDown(lo))
	if err := w.verdict(); !errors.Is(err, unix.ENETDOWN) {
		t.Errorf("the verdict is %v, want ENETDOWN", err)
	}
}

func TestWatchCarrier(t *testing.T) {
	const ever, never = true, false
	start := time.Now()
	tests := []struct {
		name    string
		carrier bool
		lost    time.Duration // after start; negative: is not
		running bool
		at      time.Duration
		want    bool
	}{
		{"there", ever, -1, true, 0, false},
		{"lost just now", ever, -1, false, time.Hour, false},
		{"not yet for long", ever, 0, false, carrierGrace - 1, false},
		{"for too long", ever, 0, false, carrierGrace, true},
		{"back", ever, 0, true, carrierGrace, false},
		{"never there", never, -1, false, time.Hour, false},
	}
	for _, tt := range tests {
		w := &watch{carrier: tt.carrier}
		if tt.lost >= 0 {
			w.lost = start.Add(tt.lost)
		}
		if got := w.noCarrier(tt.running, start.Add(tt.at)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if waits := w.patience().Nano() > 0; waits != (tt.carrier && !tt.running) {
			t.Errorf("%s: waits for the carrier: %v", tt.name, waits)
		}
	}
}
