package datagram_test

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// A wall clock that is stepped between probe and answer moves nothing: the
// stamps taken from it are dropped, and counted.
func TestSteppedWallClock(t *testing.T) {
	for _, w := range ways(false) {
		if w.poor() {
			continue // there is nothing to drop
		}
		r := &responder{answer: func(p []byte) [][]byte { return [][]byte{exceeded(p, p)} }, after: 5 * time.Millisecond}
		within(t, w, r, nil, func(_ *lab.Front, s *datagram.Socket, f probe.Flow) {
			for ident, away := range []bool{false, true, false} {
				checkStepped(t, w, s, f, uint16(1+ident), away)
			}
			if c := count(s); s.Gaps() != (socket.Gaps{Stepped: 1}) || c.ImpossibleStamps != 1 {
				t.Errorf("%v: gaps %+v, counted %+v; want one for the clock", w, s.Gaps(), c)
			}
		})
	}
}

// checkStepped sends a probe, whose answer comes while the clock is away or not.
func checkStepped(t *testing.T, w way, s *datagram.Socket, f probe.Flow, ident uint16, away bool) {
	t.Helper()
	sent, err := send(t, w, s, f, ident)
	must(t, err)
	restore := func() {}
	if away {
		restore = stepClock(t, time.Hour)
	}
	a := next(t, s)
	restore()
	if got := a.Stamps[stamp.SocketSend] == 0 && a.Stamps[stamp.Receive] == 0; got != away {
		t.Errorf("%v, clock stepped %v: stamps %v", w, away, a.Stamps)
	}
	a.Stamps[stamp.UserSend] = sent
	rtt, timing, err := a.Stamps.RTT()
	if want := map[bool]string{false: "socket", true: "user"}[away]; err != nil ||
		rtt < 5*time.Millisecond || rtt > time.Second || timing.Name != want {
		t.Errorf("%v, clock stepped %v: %v by %q, %v", w, away, rtt, timing.Name, err)
	}
}

// stepEnv allows a test to set the host's clock, for some milliseconds.
const stepEnv = "EBPFTRACE_TEST_STEP_CLOCK"

// stepClock sets the wall clock forward and returns what sets it right again,
// by what has passed of the clock that cannot be set.
func stepClock(t *testing.T, by time.Duration) (restore func()) {
	t.Helper()
	if os.Getenv(stepEnv) == "" {
		t.Skip("sets the wall clock of the host: set " + stepEnv + "=1 to run it")
	}
	var wall, mono unix.Timespec
	unix.ClockGettime(unix.CLOCK_REALTIME, &wall)
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono)
	set := func(by int64) error {
		var now unix.Timespec
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
		to := unix.NsecToTimespec(wall.Nano() + now.Nano() - mono.Nano() + by)
		return unix.ClockSettime(unix.CLOCK_REALTIME, &to)
	}
	if err := set(int64(by)); err != nil {
		t.Skipf("needs CAP_SYS_TIME, to set the wall clock: %v", err)
	}
	restored := false
	restore = func() {
		if restored {
			return
		}
		restored = true
		if err := set(0); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(restore)
	return restore
}
