// Package stamptest meddles with the clock of stamps.
package stamptest

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// StepEnv allows a test to set the host's clock, for some milliseconds.
const StepEnv = "EBPFTRACE_TEST_STEP_CLOCK"

// StepClock sets the wall clock forward and returns what sets it right again, by what
// has passed of the clock that cannot be set. Without leave to do so it skips the test.
func StepClock(t testing.TB, by time.Duration) (restore func()) {
	t.Helper()
	if os.Getenv(StepEnv) == "" {
		t.Skip("sets the wall clock of the host: set " + StepEnv + "=1 to run it")
	}
	set := settable()
	if err := set(by); err != nil {
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

// settable returns what sets the wall clock, so far ahead of what it would be.
func settable() func(ahead time.Duration) error {
	var wall, mono unix.Timespec
	unix.ClockGettime(unix.CLOCK_REALTIME, &wall)
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono)
	return func(ahead time.Duration) error {
		var now unix.Timespec
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
		to := unix.NsecToTimespec(wall.Nano() + now.Nano() - mono.Nano() + int64(ahead))
		return unix.ClockSettime(unix.CLOCK_REALTIME, &to)
	}
}
