package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// quotaPercent is the share of one CPU, in each quotaPeriod microseconds.
const (
	quotaPercent = 3
	quotaPeriod  = 100_000
)

// quota is a control group whose processes get that share together.
type quota struct {
	dir  string
	undo []func()
}

// newQuota makes a control group in whichever hierarchy has the CPU controller.
// The caller calls close when no process is left in it.
func newQuota() (*quota, error) {
	h, err := cpuHierarchy()
	if err != nil {
		return nil, err
	}
	q := &quota{dir: filepath.Join(h.dir, fmt.Sprintf("ebpftrace-accuracy-%d", os.Getpid())), undo: h.undo}
	if err := os.Mkdir(q.dir, 0o755); err != nil {
		q.close()
		return nil, fmt.Errorf("CPU quota: %w", err)
	}
	q.undo = append(q.undo, func() { removeGroup(q.dir) })
	if err := q.limit(h.unified); err != nil {
		q.close()
		return nil, fmt.Errorf("CPU quota: %w", err)
	}
	return q, nil
}

func (q *quota) limit(unified bool) error {
	share := strconv.Itoa(quotaPeriod * quotaPercent / 100)
	if unified {
		return q.set("cpu.max", fmt.Sprintf("%s %d", share, quotaPeriod))
	}
	return errors.Join(q.set("cpu.cfs_period_us", strconv.Itoa(quotaPeriod)), q.set("cpu.cfs_quota_us", share))
}

func (q *quota) set(file, value string) error {
	return os.WriteFile(filepath.Join(q.dir, file), []byte(value), 0)
}

// wrap returns the command that enters the group and becomes argv, so that all
// of it is in the group and nothing else is.
func (q *quota) wrap(argv []string) []string {
	enter := []string{"sh", "-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(q.dir, "cgroup.procs")}
	return append(enter, argv...)
}

// throttled returns how often the group has had to wait for its next share.
func (q *quota) throttled() (int, error) {
	stat, err := os.ReadFile(filepath.Join(q.dir, "cpu.stat"))
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(strings.NewReader(string(stat)))
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "nr_throttled "); ok {
			return strconv.Atoi(n)
		}
	}
	return 0, errors.New("cpu.stat does not tell nr_throttled")
}

// close removes the group and what was mounted for it.
func (q *quota) close() {
	for i := len(q.undo) - 1; i >= 0; i-- {
		q.undo[i]()
	}
}

// removeGroup waits a little for the last process to be gone.
func removeGroup(dir string) {
	for range 50 {
		if err := os.Remove(dir); err == nil || errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
