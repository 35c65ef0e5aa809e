package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const (
	hostsFile    = "/etc/hosts"
	resolvFile   = "/etc/resolv.conf"
	nsswitchFile = "/etc/nsswitch.conf"
)

// scratch is where the tmpfs is mounted while files are made in it. Afterwards
// only the files that are bound from it can be seen.
const scratch = "/tmp"

// bindNames replaces the files that names are resolved from, for this process's
// mount namespace, which must be its own. Only /etc/hosts must exist already.
func bindNames(hosts string) error {
	nsswitch, err := os.ReadFile(nsswitchFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := unix.Mount("ebpftrace-lab", scratch, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0755"); err != nil {
		return fmt.Errorf("mount tmpfs on %s: %w", scratch, err)
	}
	err = errors.Join(
		bind(hostsFile, hosts),
		optional(bind(resolvFile, resolvConf)),
		optional(bind(nsswitchFile, localNames(string(nsswitch)))),
	)
	if detach := unix.Unmount(scratch, unix.MNT_DETACH); detach != nil {
		return errors.Join(err, fmt.Errorf("unmount tmpfs from %s: %w", scratch, detach))
	}
	return err
}

// bind makes the file at path read as content.
func bind(path, content string) error {
	source := filepath.Join(scratch, filepath.Base(path))
	if err := os.WriteFile(source, []byte(content), 0o644); err != nil {
		return err
	}
	// The umask is the command's and may be too strict.
	if err := os.Chmod(source, 0o644); err != nil {
		return err
	}
	if err := unix.Mount(source, path, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s, which must exist: %w", path, err)
	}
	return nil
}

// optional forgives that a file is missing: the resolver's own defaults, a
// server on the loopback and files before dns, are then what it would say.
func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
