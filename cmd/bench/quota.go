package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// period is that of the quota: the kernel's default, in microseconds.
	period = 100_000
	// minQuota is the least per cent of it that the kernel takes (1 ms).
	minQuota = 1
	// groupPrefix begins the names of our groups; the process's number follows.
	groupPrefix = "ebpftrace-bench-"
)

// quota is the share of one CPU, in per cent, that this process may use, all of
// its threads together. What it has not used by the end of 100 ms is gone, and
// once it has used it up, it waits for the next 100 ms.
type quota float64

func (q quota) String() string { return fmt.Sprintf("quota=%g%%", float64(q)) }

// Start implements Load. It moves this process to a control group of its own,
// and stop moves it back and removes the group. Killed meanwhile, the process
// leaves an empty group behind, which the next Start removes.
func (q quota) Start() (stop func() error, err error) {
	g, err := findGroup()
	if err != nil {
		return nil, fmt.Errorf("CPU quota: %w", err)
	}
	g.sweep()
	child := filepath.Join(g.parent, groupPrefix+strconv.Itoa(os.Getpid()))
	if err := os.Mkdir(child, 0o755); err != nil {
		return nil, fmt.Errorf("CPU quota: make a control group: %w", err)
	}
	stop = func() error { return errors.Join(enter(g.own), os.Remove(child)) }
	if err := errors.Join(q.set(g, child), enter(child)); err != nil {
		return nil, errors.Join(fmt.Errorf("CPU quota: %w", err), stop())
	}
	return stop, nil
}

// set writes the quota in the words of the group's version.
func (q quota) set(g group, dir string) error {
	us := int(float64(q) / 100 * period)
	if g.v2 {
		return write(dir, "cpu.max", fmt.Sprintf("%d %d", us, period))
	}
	return errors.Join(
		write(dir, "cpu.cfs_period_us", strconv.Itoa(period)),
		write(dir, "cpu.cfs_quota_us", strconv.Itoa(us)))
}

// enter moves this process, with all its threads, to a group.
func enter(dir string) error { return write(dir, "cgroup.procs", strconv.Itoa(os.Getpid())) }

func write(dir, file, text string) error {
	return os.WriteFile(filepath.Join(dir, file), []byte(text), 0)
}

// sweep removes the groups of processes that are gone. One that is in use, or
// not ours to remove, stays; so an error means nothing.
func (g group) sweep() {
	left, _ := filepath.Glob(filepath.Join(g.parent, groupPrefix+"*"))
	for _, dir := range left {
		pid := strings.TrimPrefix(filepath.Base(dir), groupPrefix)
		if _, err := os.Stat("/proc/" + pid); errors.Is(err, os.ErrNotExist) {
			os.Remove(dir)
		}
	}
}
