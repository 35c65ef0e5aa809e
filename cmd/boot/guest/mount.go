package guest

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mount is a file system to mount.
type mount struct {
	kind, at, data string
	// optional says that not every kernel has it.
	optional bool
}

// groups is where control groups are, of version 2.
const groups = "/sys/fs/cgroup"

var mounts = []mount{
	{kind: "proc", at: "/proc"},
	{kind: "sysfs", at: "/sys"},
	{kind: "devtmpfs", at: "/dev"},
	{kind: "devpts", at: "/dev/pts", data: "ptmxmode=0666"},
	{kind: "tmpfs", at: "/dev/shm", data: "mode=1777"},
	{kind: "tmpfs", at: "/tmp", data: "mode=1777"},
	{kind: "tmpfs", at: "/run", data: "mode=0755"},
	{kind: "bpf", at: "/sys/fs/bpf"},
	{kind: "cgroup2", at: groups},
	{kind: "tracefs", at: "/sys/kernel/tracing"},
	{kind: "securityfs", at: "/sys/kernel/security", optional: true},
}

func mountAll() error {
	for _, m := range mounts {
		if err := m.mount(); err != nil && !m.optional {
			return err
		}
	}
	// For the groups below the root, as service managers have it.
	if err := os.WriteFile(groups+"/cgroup.subtree_control", []byte("+cpu"), 0); err != nil {
		return err
	}
	return os.Symlink("/proc/self/fd", "/dev/fd")
}

func (m mount) mount() error {
	if err := os.MkdirAll(m.at, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(m.kind, m.at, m.kind, 0, m.data); err != nil {
		return fmt.Errorf("mount %s on %s: %w", m.kind, m.at, err)
	}
	return nil
}
