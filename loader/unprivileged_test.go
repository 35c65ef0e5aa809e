package loader

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// traceOnce is a child with fewer rights. It sends a probe, and tells which timing
// it was promised and which one it got.
func traceOnce(o Options) (string, error) {
	raw, err := socket.Open(socket.Options{})
	if err != nil {
		return "", err
	}
	defer raw.Close()
	if o.Cookie, err = raw.Cookie(); err != nil {
		return "", err
	}
	o.Protocol, o.Port = probe.UDP{}.Number(false), 40020
	s, err := Open(o)
	if err != nil {
		return "", err
	}
	defer s.Close()
	got, err := timed(s, raw)
	return fmt.Sprintf("expected %s, got %s, %v", s.Timing().Name, got.Name, s.Fallbacks()), err
}

// timed returns the timing of a probe; in an emulated machine, of the first that
// has the promised one, if there is such among some.
func timed(s *Session, raw *socket.Raw) (got stamp.Timing, err error) {
	flow := flows[false]
	flow.SourcePort, flow.TargetPort = 40020, 33434
	for ident := uint16(1); ident <= 20; ident++ {
		packet, err := probe.UDP{}.Marshal(flow, 9, ident)
		if err != nil {
			return got, err
		}
		if _, err := raw.Send(packet); err != nil {
			return got, err
		}
		answer, err := s.Next(time.Now().Add(patience))
		if err != nil {
			return got, err
		}
		if _, got, err = answer.Stamps.RTT(); err != nil || got == s.Timing() || !machinetest.Emulated() {
			return got, err
		}
	}
	return got, nil
}

const (
	noDriver  = "no driver stamp: needs CAP_PERFMON"
	noReceive = "no receive stamp: this kernel lacks the eBPF helper bpf_ktime_get_tai_ns: Linux 6.1 or later has it"
)

func TestTraceWithoutPerfmon(t *testing.T) {
	eachHooks(t, traceWithoutPerfmon)
}

func traceWithoutPerfmon(t *testing.T, n *network) {
	binary := publicCopy(t)
	have := []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}
	without, with := "expected tcx+receive, got tcx+receive, ["+noDriver+"]", "expected kernel, got kernel, []"
	if !newer(t, "6.1") {
		without = "expected tcx, got tcx, [" + noReceive + " " + noDriver + "]"
		with = "expected driver+tcx, got driver+tcx, [" + noReceive + "]"
	}
	if got := n.runAs(t, binary, "trace", have); got != without {
		t.Errorf("without CAP_PERFMON: got %q, want %q", got, without)
	}
	if got := n.runAs(t, binary, "trace", append(have, unix.CAP_PERFMON)); got != with {
		t.Errorf("with CAP_PERFMON: got %q, want %q", got, with)
	}
}
