package main

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// errStepped says that captures, whose stamps are of the wall clock, are worth
// nothing. Slewing it is harmless: the monotonic clock is slewed alike.
var errStepped = errors.New("the wall clock was set meanwhile")

// mostStep is more than two readings of an unchanged offset differ by, and less
// than what would move a sample out of a bracket.
const mostStep = time.Microsecond

// wallOffset returns by how much the wall clock is ahead of the monotonic one.
// Of several readings it takes the one with the least time between its parts.
func wallOffset() (offset time.Duration, err error) {
	best := time.Duration(1<<63 - 1)
	for range 100 {
		var before, wall, after unix.Timespec
		if err := errors.Join(unix.ClockGettime(unix.CLOCK_MONOTONIC, &before),
			unix.ClockGettime(unix.CLOCK_REALTIME, &wall),
			unix.ClockGettime(unix.CLOCK_MONOTONIC, &after)); err != nil {
			return 0, err
		}
		if took := time.Duration(after.Nano() - before.Nano()); took < best {
			best, offset = took, time.Duration(wall.Nano()-before.Nano())-took/2
		}
	}
	return offset, nil
}

// unstepped fails if the wall clock was set since it had that offset.
func unstepped(before time.Duration) error {
	after, err := wallOffset()
	if step := after - before; err == nil && step.Abs() > mostStep {
		err = fmt.Errorf("%w by %v", errStepped, step)
	}
	return err
}
