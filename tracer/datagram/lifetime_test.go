package datagram_test

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
)

var loopback4, loopback6 = netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")

func loopback(w way) netip.Addr {
	if w.IPv6 {
		return loopback6
	}
	return loopback4
}

// isolate moves the test to a network namespace of its own, in which only
// loopback is up. It never unlocks the thread, so that the runtime ends it and
// the namespace with it.
func isolate(t *testing.T) {
	t.Helper()
	needRoot(t)
	runtime.LockOSThread()
	must(t, unix.Unshare(unix.CLONE_NEWNET))
	lo, err := netlink.LinkByName("lo")
	must(t, err)
	must(t, netlink.LinkSetUp(lo))
	must(t, allowPing("0 2147483647"))
}

// On loopback, the answer is there before the probe's sendto has returned.
func TestTracesLoopback(t *testing.T) {
	everyWay(t, true, func(t *testing.T, w way) {
		isolate(t)
		got, err := run(t, w, loopback(w), tracer.Config{})
		if err != nil || !got.Reached() || len(got.Hops) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, p := range got.Hops[0].Probes {
			checkStamps(t, w, p)
		}
	})
}

// A device whose driver stamps nothing is known beforehand.
func TestTiming(t *testing.T) {
	isolate(t)
	if out, err := exec.Command("ip", "link", "add", "plain", "type", "bridge").CombinedOutput(); err != nil {
		t.Skipf("needs ip, of iproute2, and bridges: %s", out)
	}
	for device, stamps := range map[string]bool{"lo": true, "plain": false} {
		link, err := netlink.LinkByName(device)
		must(t, err)
		for _, w := range ways(true) {
			s, _, err := open(w, loopback(w), func(o *datagram.Options) { o.Index = link.Attrs().Index })
			must(t, err)
			want := map[bool]string{true: "socket", false: "user"}[stamps && !w.UserClock && !w.poor()]
			if got := s.Timing().Name; got != want {
				t.Errorf("%s, %v: %q, want %q", device, w, got, want)
			}
			must(t, s.Close())
		}
	}
}

func TestCloses(t *testing.T) {
	isolate(t)
	before := descriptors(t)
	for range 5 {
		for _, w := range ways(true) {
			s, flow, err := open(w, loopback(w), nil)
			must(t, err)
			waited := make(chan error)
			go func() {
				_, err := s.Next(time.Now().Add(time.Minute))
				waited <- err
			}()
			if err := errors.Join(s.Close(), s.Close()); err != nil {
				t.Error(err)
			}
			if err := <-waited; !errors.Is(err, os.ErrClosed) {
				t.Errorf("Next returned %v, want os.ErrClosed", err)
			}
			if _, err := send(t, w, s, flow, 1); !errors.Is(err, os.ErrClosed) {
				t.Errorf("Send returned %v, want os.ErrClosed", err)
			}
		}
	}
	if _, err := datagram.Open(datagram.Options{Protocol: 6}); err == nil {
		t.Error("TCP without addresses was accepted")
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(all)
}

func TestNextDeadlines(t *testing.T) {
	isolate(t)
	s, _, err := open(way{Protocol: "udp"}, loopback4, nil)
	must(t, err)
	defer s.Close()
	for _, wait := range []time.Duration{-time.Hour, 0, 20 * time.Millisecond} {
		began := time.Now()
		if _, err := s.Next(began.Add(wait)); !os.IsTimeout(err) {
			t.Errorf("error %v, want the deadline's", err)
		}
		if took := time.Since(began); took < wait {
			t.Errorf("waited %v, want %v", took, wait)
		}
	}
}

// Probes may be sent by one goroutine while another takes the answers.
func TestConcurrently(t *testing.T) {
	isolate(t)
	w := way{Protocol: "icmp"}
	s, flow, err := open(w, loopback4, nil)
	must(t, err)
	defer s.Close()
	sent := make(chan error)
	go func() {
		var errs []error
		for ident := range uint16(500) {
			packet, err := w.protocol().Marshal(flow, 9, ident+1)
			if err == nil {
				_, err = s.Send(packet)
			}
			errs = append(errs, err)
			s.Counters()
		}
		sent <- errors.Join(errs...)
	}()
	for n := range 500 {
		if a := next(t, s); a.Duplicate || int(a.Ident) != n+1 {
			t.Fatalf("answer %d is to probe %d", n+1, a.Ident)
		}
	}
	must(t, <-sent)
}
