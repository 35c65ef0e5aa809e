package loader

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Each round trip is shorter by the stamps nearer to the wire.
func TestRefinedIsNearerToTheWire(t *testing.T) {
	tr := newNetwork(t).trace(t, probe.ICMP{}, false, 40010)
	if got := tr.Timing().Name; got != "kernel" || len(tr.Fallbacks()) != 0 {
		t.Fatalf("timing is %q, for want of %v", got, tr.Fallbacks())
	}
	for ident := uint16(1); ident <= 50; ident++ {
		answer, _ := tr.send(t, ident)
		rtt, timing, err := answer.Stamps.RTT()
		tcx := answer.Stamps[stamp.TCXIngress].Sub(answer.Stamps[stamp.TCXEgress])
		if err != nil || timing.Name != "kernel" || rtt <= 0 || rtt >= tcx {
			t.Errorf("%v by %q, %v by tcx: %v", rtt, timing.Name, tcx, err)
		}
	}
}

func TestTCXOnly(t *testing.T) {
	tr := newNetwork(t).traceWith(t, probe.UDP{}, false, Options{Port: 40011, Stamps: TCXOnly})
	if got := tr.Timing().Name; got != "tcx" || len(tr.Fallbacks()) != 0 {
		t.Errorf("timing is %q, for want of %v", got, tr.Fallbacks())
	}
	answer, _ := tr.send(t, 7)
	if s := answer.Stamps; s[stamp.DriverStart] != 0 || s[stamp.Receive] != 0 || s[stamp.TCXIngress] == 0 {
		t.Errorf("stamps are %v", s)
	}
}

func TestStackedDevices(t *testing.T) {
	for _, u := range uppers {
		t.Run(u.name, func(t *testing.T) {
			n := newNetwork(t)
			n.stack(t, u)
			tr := n.trace(t, probe.UDP{}, false, 40012)
			for ident := uint16(1); ident <= 50; ident++ {
				answer, before := tr.send(t, ident)
				checkStamps(t, u.name, before, answer.Stamps)
			}
			checkCounters(t, tr, tracer.Counters{Probes: 50, Answers: 50})
		})
	}
}

func TestTUN(t *testing.T) {
	n := newNetwork(t)
	device, index, flow := n.tun(t)
	n.index, n.v4 = index, flow
	tr := n.trace(t, probe.UDP{}, false, 40013)
	for ident := uint16(1); ident <= 50; ident++ {
		answered := make(chan error, 1)
		go func() { answered <- answerOne(device) }()
		answer, before := tr.send(t, ident)
		checkStamps(t, "tun", before, answer.Stamps)
		must(t, <-answered)
	}
	checkCounters(t, tr, tracer.Counters{Probes: 50, Answers: 50})
}

func TestFallbackErrorIsOneLine(t *testing.T) {
	missing := &CapabilityError{Missing: []cap.Value{cap.PERFMON}}
	for _, tt := range []struct {
		point stamp.Point
		err   error
		want  string
	}{
		{stamp.DriverStart, missing, "no driver stamp: needs CAP_PERFMON"},
		{stamp.Receive, unsupported("this helper", "6.1", unix.ENOTSUP),
			"no receive stamp: " + unix.ENOTSUP.Error()},
		{stamp.Receive, &UnsupportedError{"this helper", "6.1", nil},
			"no receive stamp: this kernel lacks this helper: Linux 6.1 or later has it"},
	} {
		s := new(Session)
		if s.refine(Options{}, tt.point, func() error { return tt.err }) {
			t.Error("a failure was taken for a success")
		}
		if got := s.Fallbacks()[0]; got.Error() != tt.want || !errors.Is(got, tt.err) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	if !errors.Is(&FallbackError{stamp.DriverStart, missing}, os.ErrPermission) {
		t.Error("a missing capability is no os.ErrPermission")
	}
}

func TestTimingOfWhatIsThere(t *testing.T) {
	for _, tt := range []struct {
		driver, receive bool
		want            string
	}{{false, false, "tcx"}, {true, false, "driver+tcx"}, {false, true, "tcx+receive"}, {true, true, "kernel"}} {
		if got := timing(tt.driver, tt.receive).Name; got != tt.want {
			t.Errorf("driver %v, receive %v: %q, want %q", tt.driver, tt.receive, got, tt.want)
		}
	}
}

// With loopback stamps are seen long before patience runs out.
func TestTimestampsAreConfirmed(t *testing.T) {
	loopbackUp(t)
	holder, err := holdTimestamps()
	must(t, err)
	defer holder.Close()
	start := time.Now()
	must(t, holder.confirm(start.Add(patience)))
	if took := time.Since(start); took >= settle {
		t.Errorf("took %v", took)
	}
}

// Once confirmed, packets stay stamped, although the last holder's end takes
// effect only then.
func TestTimestampsOutliveAnotherHolder(t *testing.T) {
	loopbackUp(t)
	last, err := holdTimestamps()
	must(t, err)
	must(t, last.confirm(time.Now().Add(patience)))
	for range 20 {
		must(t, last.Close())
		if last, err = holdTimestamps(); err != nil {
			t.Fatal(err)
		}
		must(t, last.confirm(time.Now().Add(patience)))
		for range 10 {
			must(t, unix.Send(last.fd, []byte{0}, 0))
			if stamped, err := last.receive(); !stamped || err != nil {
				t.Errorf("stamped %v, error %v", stamped, err)
			}
			time.Sleep(time.Millisecond)
		}
	}
	last.Close()
}

func loopbackUp(t *testing.T) {
	t.Helper()
	newNetwork(t)
	lo, err := netlink.LinkByName("lo")
	must(t, err)
	must(t, netlink.LinkSetUp(lo))
}
