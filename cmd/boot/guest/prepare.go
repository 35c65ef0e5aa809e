package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// mount is a file system to mount.
type mount struct {
	kind, at, data string
	// optional says that not every kernel has it.
	optional bool
}

var mounts = []mount{
	{kind: "proc", at: "/proc"},
	{kind: "sysfs", at: "/sys"},
	{kind: "devtmpfs", at: "/dev"},
	{kind: "devpts", at: "/dev/pts", data: "ptmxmode=0666"},
	{kind: "tmpfs", at: "/dev/shm", data: "mode=1777"},
	{kind: "tmpfs", at: "/tmp", data: "mode=1777"},
	{kind: "tmpfs", at: "/run", data: "mode=0755"},
	{kind: "bpf", at: "/sys/fs/bpf"},
	{kind: "cgroup2", at: "/sys/fs/cgroup"},
	{kind: "tracefs", at: "/sys/kernel/tracing"},
	{kind: "securityfs", at: "/sys/kernel/security", optional: true},
}

// Busybox is where the guest finds busybox(1), if there, to make a shell and its
// tools of.
const Busybox = "/bin/busybox"

// prepare makes of the bare kernel what programs expect of a host.
func prepare(modules []string) error {
	for _, m := range mounts {
		if err := m.mount(); err != nil && !m.optional {
			return err
		}
	}
	if err := os.Symlink("/proc/self/fd", "/dev/fd"); err != nil {
		return err
	}
	for _, file := range modules {
		if err := load(file); err != nil {
			return fmt.Errorf("load %s: %w", file, err)
		}
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("interface lo up: %w", err)
	}
	return installBusybox()
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

func load(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), "", 0); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func loopbackUp() error {
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(lo)
}

// installBusybox makes its links, where there are no files of those names.
func installBusybox() error {
	if _, err := os.Stat(Busybox); err != nil {
		return nil
	}
	if out, err := exec.Command(Busybox, "--install", "-s", "/bin").CombinedOutput(); err != nil {
		return fmt.Errorf("install busybox: %w: %s", err, out)
	}
	return nil
}
