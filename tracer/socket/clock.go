package socket

import (
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// wallTime is a time in nanoseconds of CLOCK_REALTIME, the clock of the socket
// stamps (kernel: ktime_get_real). Zero means that no stamp was taken.
type wallTime int64

// offset is CLOCK_REALTIME less CLOCK_MONOTONIC in nanoseconds. Slewing moves
// both clocks alike, so it changes only when the wall clock is stepped or the
// host was suspended.
type offset int64

// mono brings a stamp to CLOCK_MONOTONIC, by the offset at about its time.
func (o offset) mono(t wallTime) stamp.Mono { return stamp.Mono(int64(t) - int64(o)) }

// stepLimit is the most that two readings of the offset may differ by.
const stepLimit = offset(time.Millisecond)

// stepped reports whether the wall clock was stepped between two readings.
func stepped(a, b offset) bool { return max(a-b, b-a) > stepLimit }

// readings is the number of times that the offset is read: one of them is hardly
// ever disturbed by an interrupt.
const readings = 4

// readOffset returns the reading that took the least time, which is right to
// half of that.
func readOffset() offset {
	best, least := offset(0), int64(-1)
	for range readings {
		before, wall, after := readClock(unix.CLOCK_MONOTONIC), readClock(unix.CLOCK_REALTIME), readClock(unix.CLOCK_MONOTONIC)
		if took := after - before; least < 0 || took < least {
			best, least = offset(wall-before-took/2), took
		}
	}
	return best
}

// readClock returns nanoseconds. These clocks always exist (clock_gettime(2)).
func readClock(clock int32) int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(clock, &ts); err != nil {
		return 0
	}
	return ts.Nano()
}
