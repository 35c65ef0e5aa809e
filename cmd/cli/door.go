package cli

import (
	"context"
	"slices"
	"sync"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/privilege"
)

// opening are the capabilities that it takes to open a clock; the last, before Linux
// 5.11, to lock memory.
var opening = []cap.Value{cap.BPF, cap.PERFMON, cap.NET_ADMIN, cap.NET_RAW, cap.SYS_RESOURCE}

// door keeps the privileges of a process that opens several clocks, and gives up what
// the open ones don't need once there is none left to open. Where all can be open at a
// time, that is before the first probe; else traces begin before, with the privileges
// of opening and no others.
type door struct {
	mu     sync.Mutex
	left   int // clocks that are not open yet
	needs  []cap.Value
	err    error
	wait   bool          // until all are open
	opened chan struct{} // closed then
}

func newDoor(clocks int) (*door, error) {
	d := &door{left: clocks, wait: clocks <= together, opened: make(chan struct{})}
	if d.wait {
		return d, nil
	}
	return d, privilege.Limit(opening...)
}

// without counts a clock that could not be opened.
func (d *door) without() { d.count(nil) }

// with counts an open clock, and returns when it may be used. An error means that
// there are privileges left that should not be.
func (d *door) with(ctx context.Context, c *clock) error {
	d.count(c.needs)
	if d.wait {
		select {
		case <-d.opened:
		case <-ctx.Done(): // to what comes next, that is the end
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

func (d *door) count(needs []cap.Value) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.needs = slices.Concat(d.needs, needs)
	if d.left--; d.left == 0 {
		d.err = privilege.Drop(d.needs...)
		close(d.opened)
	}
}
