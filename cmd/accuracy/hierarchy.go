package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// hierarchy is a mounted tree of control groups that shares out CPU time.
type hierarchy struct {
	dir     string
	unified bool // version 2
	undo    []func()
}

// cpuHierarchy returns the tree that has the CPU controller: that of version 1
// where it is mounted, since a controller is in one tree only, else the unified
// one. It mounts one for as long as needed where there is none.
func cpuHierarchy() (hierarchy, error) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return hierarchy{}, err
	}
	if h, ok := findHierarchy(string(mounts)); ok {
		if !h.unified {
			return h, nil
		}
		if err := h.enable(); err == nil {
			return h, nil
		}
	}
	return mountHierarchy()
}

// findHierarchy looks through /proc/self/mounts.
func findHierarchy(mounts string) (found hierarchy, ok bool) {
	for line := range strings.Lines(mounts) {
		f := strings.Fields(line)
		if len(f) < 4 {
			continue
		}
		switch {
		case f[2] == "cgroup" && slices.Contains(strings.Split(f[3], ","), "cpu"):
			return hierarchy{dir: f[1]}, true
		case f[2] == "cgroup2":
			found, ok = hierarchy{dir: f[1], unified: true}, true
		}
	}
	return found, ok
}

// enable lets children of the unified tree's root have the CPU controller.
func (h *hierarchy) enable() error {
	control := filepath.Join(h.dir, "cgroup.subtree_control")
	now, err := os.ReadFile(control)
	if err != nil || slices.Contains(strings.Fields(string(now)), "cpu") {
		return err
	}
	if err := os.WriteFile(control, []byte("+cpu"), 0); err != nil {
		return fmt.Errorf("CPU controller of %s: %w", h.dir, err)
	}
	h.undo = append(h.undo, func() { os.WriteFile(control, []byte("-cpu"), 0) })
	return nil
}

// mountHierarchy mounts a tree with the CPU controller on a directory of its
// own.
func mountHierarchy() (hierarchy, error) {
	dir, err := os.MkdirTemp("", "accuracy-cgroup-")
	if err != nil {
		return hierarchy{}, err
	}
	remove := func() { os.Remove(dir) }
	unmount := func() { unix.Unmount(dir, unix.MNT_DETACH) }
	first := unix.Mount("none", dir, "cgroup2", 0, "")
	if first == nil {
		h := hierarchy{dir: dir, unified: true, undo: []func(){remove, unmount}}
		if first = h.enable(); first == nil {
			return h, nil
		}
		unmount()
	}
	second := unix.Mount("none", dir, "cgroup", 0, "cpu")
	if second == nil {
		return hierarchy{dir: dir, undo: []func(){remove, unmount}}, nil
	}
	remove()
	return hierarchy{}, fmt.Errorf("CPU quota: no control groups: %w", errors.Join(first, second))
}
