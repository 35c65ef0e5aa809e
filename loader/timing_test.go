package loader

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Each round trip is shorter by the stamps nearer to the wire.
func TestRefinedIsNearerToTheWire(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		tr := n.trace(t, probe.ICMP{}, false, 40010)
		for ident := uint16(1); ident <= 50; ident++ {
			answer, _ := tr.send(t, ident)
			rtt, timing, err := answer.Stamps.RTT()
			tcx := answer.Stamps[stamp.TCXIngress].Sub(answer.Stamps[stamp.TCXEgress])
			if err != nil || rtt <= 0 || rtt >= tcx {
				t.Errorf("%v by %q, %v by tcx: %v", rtt, timing.Name, tcx, err)
			}
		}
		checkCounters(t, tr, tracer.Counters{Probes: 50, Answers: 50})
	})
}

func TestTCXOnly(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		tr := n.traceWith(t, probe.UDP{}, false, Options{Port: 40011, Stamps: TCXOnly})
		if got := tr.Timing().Name; got != "tcx" || len(tr.Fallbacks()) != 0 {
			t.Errorf("timing is %q, for want of %v", got, tr.Fallbacks())
		}
		answer, _ := tr.send(t, 7)
		if s := answer.Stamps; s[stamp.DriverStart] != 0 || s[stamp.Receive] != 0 || s[stamp.TCXIngress] == 0 {
			t.Errorf("stamps are %v", s)
		}
	})
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
