package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// asContainer makes this test binary what a container runtime is at the end: it
// holds a container, and the process ends up as the program in it.
const asContainer = "EBPFTRACE_TEST_AS_CONTAINER"

// container is what a container runtime is told, and what Docker does unasked for.
type container struct {
	Root string      // an empty directory
	File string      // of the program, which is all that is in the image
	UID  int         // of the user
	Caps []cap.Value // in the bounding set, and his
}

// It runs before TestMain, so before the program.
func init() {
	text := os.Getenv(asContainer)
	if text == "" {
		return
	}
	var c container
	err := json.Unmarshal([]byte(text), &c)
	fmt.Fprintln(os.Stderr, "container:", errors.Join(err, c.become(os.Args[1:])))
	os.Exit(125)
}

// become returns only if it fails.
func (c container) become(args []string) error {
	for _, step := range []func() error{c.furnish, c.enter, c.confine} {
		if err := step(); err != nil {
			return err
		}
	}
	return syscall.Exec("/ebpftrace", append([]string{"/ebpftrace"}, args...), nil)
}

// mount is a call of mount(2).
type mount struct {
	source, target, kind string
	flags                uintptr
}

// furnish puts the image and what Docker mounts into the root.
func (c container) furnish() error {
	const safe = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	sys := c.Root + "/proc/sys"
	steps := []mount{
		{"none", "/", "", unix.MS_REC | unix.MS_PRIVATE},
		{"image", c.Root, "tmpfs", unix.MS_NOSUID | unix.MS_NODEV},
		{"proc", c.Root + "/proc", "proc", safe},
		{sys, sys, "", unix.MS_BIND},
		{sys, sys, "", unix.MS_BIND | unix.MS_REMOUNT | unix.MS_RDONLY | safe},
		{"sysfs", c.Root + "/sys", "sysfs", safe | unix.MS_RDONLY},
	}
	program, err := os.ReadFile(c.File) // before a tmpfs may hide it
	for i, m := range steps {
		if err == nil && i > 1 { // the tmpfs is there
			err = os.MkdirAll(m.target, 0o755)
		}
		if err == nil {
			err = os.NewSyscallError("mount "+m.target, unix.Mount(m.source, m.target, m.kind, m.flags, ""))
		}
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Root, "ebpftrace"), program, 0o755)
}

// enter makes it the root, with nothing else to be seen, and not to be written.
func (c container) enter() error {
	if err := os.Chdir(c.Root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return os.NewSyscallError("pivot_root", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil { // the old root, which lies above
		return os.NewSyscallError("umount", err)
	}
	return errors.Join(
		os.Chdir("/"),
		unix.Mount("image", "/", "", unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, ""),
	)
}

// confine leaves the user his capabilities, and no way to get others. Root gets
// those of the bounding set by execve(2), anybody else the ambient ones.
func (c container) confine() error {
	iab := cap.NewIAB()
	err := iab.SetVector(cap.Inh, true, c.Caps...)
	if c.UID != 0 {
		err = errors.Join(err, cap.SetGroups(c.UID), cap.SetUID(c.UID), iab.SetVector(cap.Amb, true, c.Caps...))
	}
	for v := range cap.MaxBits() {
		if !slices.Contains(c.Caps, v) {
			err = errors.Join(err, iab.SetVector(cap.Bound, true, v)) // raised: taken out
		}
	}
	if err := errors.Join(err, iab.SetProc()); err != nil {
		return err
	}
	own := cap.NewSet()
	err = errors.Join(own.SetFlag(cap.Inheritable, true, c.Caps...), own.SetFlag(cap.Permitted, true, c.Caps...),
		own.SetFlag(cap.Effective, true, c.Caps...), own.SetProc())
	_, bad := cap.Prctlw(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	return errors.Join(err, bad)
}
