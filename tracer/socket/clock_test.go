package socket_test

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// A wall clock that is stepped between probe and answer moves nothing: the
// stamps taken from it are dropped, and counted.
func TestListenerDropsStampsOfSteppedClock(t *testing.T) {
	within(t, far{copies: 1, after: 5 * time.Millisecond}, nil, func(_ *lab.Front, l *socket.Listener, f probe.Flow) {
		for ident, away := range []bool{false, true, false} {
			sent, err := ping(t, l, f, uint16(1+ident))
			if err != nil {
				t.Fatal(err)
			}
			restore := func() {}
			if away {
				restore = stepClock(t, time.Hour)
			}
			a := next(t, l)
			restore()
			if got := a.Stamps[stamp.SocketSend] == 0 && a.Stamps[stamp.Receive] == 0; got != away {
				t.Errorf("clock stepped %v: stamps %v", away, a.Stamps)
			}
			a.Stamps[stamp.UserSend] = sent
			rtt, timing, err := a.Stamps.RTT()
			if want := map[bool]string{false: "socket", true: "user"}[away]; err != nil ||
				rtt < 5*time.Millisecond || rtt > time.Second || timing.Name != want {
				t.Errorf("clock stepped %v: %v by %q, %v", away, rtt, timing.Name, err)
			}
		}
		if g := l.Gaps(); g != (socket.Gaps{Stepped: 1}) {
			t.Errorf("gaps %+v, want one for the clock", g)
		}
	})
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
