package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// group is where the kernel's CPU controller has this process.
type group struct {
	v2     bool
	own    string // directory of the group that this process is in
	parent string // directory in which a group with a quota can be made
}

var errNoController = fmt.Errorf("no CPU controller is mounted for control groups: mount one, or use --load busy: %w", errors.ErrUnsupported)

// findGroup looks for the controller, in version 1 or 2 of control groups: it is
// in one of them at a time.
func findGroup() (group, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return group{}, err
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return group{}, err
	}
	if g, ok := locate(string(mounts), string(groups), false); ok {
		g.parent = g.own
		return g, nil
	}
	g, ok := locate(string(mounts), string(groups), true)
	if !ok {
		return group{}, errNoController
	}
	g.parent, err = delegating(g.own)
	return g, err
}

// locate finds the directory of this process's group from the texts of
// /proc/self/mountinfo (proc_pid_mountinfo(5)) and /proc/self/cgroup (cgroups(7)).
func locate(mounts, groups string, v2 bool) (group, bool) {
	path, ok := ownPath(groups, v2)
	if !ok {
		return group{}, false
	}
	for line := range strings.Lines(mounts) {
		before, after, _ := strings.Cut(line, " - ")
		where, what := strings.Fields(before), strings.Fields(after)
		if len(where) < 5 || len(what) < 3 || !controls(what, v2) {
			continue
		}
		below, err := filepath.Rel(where[3], path) // a mount may show a part
		if err == nil && filepath.IsLocal(below) {
			return group{v2: v2, own: filepath.Join(where[4], below)}, true
		}
	}
	return group{}, false
}

// controls reports whether a mount, of type, device and options, is the one.
func controls(what []string, v2 bool) bool {
	if v2 {
		return what[0] == "cgroup2"
	}
	return what[0] == "cgroup" && slices.Contains(strings.Split(what[2], ","), "cpu")
}

// ownPath returns the path of this process's group within the hierarchy.
func ownPath(groups string, v2 bool) (string, bool) {
	for line := range strings.Lines(groups) {
		field := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(field) != 3 {
			continue
		}
		if v2 && field[0] == "0" || !v2 && slices.Contains(strings.Split(field[1], ","), "cpu") {
			return field[2], true
		}
	}
	return "", false
}

// delegating returns the nearest directory from own upwards whose children have
// the controller (cgroup v2, "top-down constraint"). To switch it on where it is
// off would be to change the machine's settings, so that is left to its owner.
func delegating(own string) (string, error) {
	for dir := own; ; dir = filepath.Dir(dir) {
		on, err := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control"))
		if errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("the cpu controller is off: write +cpu to cgroup.subtree_control above %s: %w", own, errors.ErrUnsupported)
		}
		if err != nil {
			return "", err
		}
		if slices.Contains(strings.Fields(string(on)), "cpu") {
			return dir, nil
		}
	}
}
