package loader

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// traceOnce is what a child with fewer rights does: one probe. It tells what it
// got, in one line.
func traceOnce(index int) (string, error) {
	raw, err := socket.Open(socket.Options{})
	if err != nil {
		return "", err
	}
	defer raw.Close()
	cookie, err := raw.Cookie()
	if err != nil {
		return "", err
	}
	s, err := Open(Options{Interface: index, Cookie: cookie, Protocol: probe.UDP{}.Number(false), Port: 40020})
	if err != nil {
		return "", err
	}
	defer s.Close()
	flow := flows[false]
	flow.SourcePort, flow.TargetPort = 40020, 33434
	packet, err := probe.UDP{}.Marshal(flow, 9, 7)
	if err != nil {
		return "", err
	}
	if _, err := raw.Send(packet); err != nil {
		return "", err
	}
	answer, err := s.Next(time.Now().Add(patience))
	if err != nil {
		return "", err
	}
	_, timing, err := answer.Stamps.RTT()
	return fmt.Sprintf("expected %s, got %s, %v", s.Timing().Name, timing.Name, s.Fallbacks()), err
}

func TestTraceWithoutPerfmon(t *testing.T) {
	n := newNetwork(t)
	binary := publicCopy(t)
	have := []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}
	for _, tt := range []struct {
		have []uintptr
		want string
	}{
		{have, "expected tcx+receive, got tcx+receive, [no driver stamp: needs CAP_PERFMON]<nil>"},
		{append(have, unix.CAP_PERFMON), "expected kernel, got kernel, []<nil>"},
	} {
		if got := openAs(t, binary, traceEnv, n, tt.have); strings.TrimSpace(got) != tt.want {
			t.Errorf("with capabilities %v: got %q, want %q", tt.have, got, tt.want)
		}
	}
}
