package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// system is the root of a Debian system.
type system string

func newSystem(t *testing.T) system {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	for dir := filepath.Dir(root); dir != "/" && dir != "/tmp"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil { // others than root pass
			t.Fatal(err)
		}
	}
	out, err := exec.Command("debootstrap", "--variant=minbase", "--include=libcap2-bin", suite, root).CombinedOutput()
	if err != nil {
		t.Fatalf("debootstrap: %v\n%s", err, out)
	}
	return system(root)
}

// command returns a command that runs in the system, by a user.
func (s system) command(uid uint32, argv ...string) *exec.Cmd {
	c := exec.Command(s.look(argv[0]), argv[1:]...)
	c.Dir, c.Env = "/", []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: string(s), Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	return c
}

// look finds a program in the system, where exec.LookPath would look in this one.
func (s system) look(program string) string {
	for _, dir := range []string{"/usr/bin", "/usr/sbin"} {
		if _, err := os.Stat(filepath.Join(string(s), dir, program)); err == nil {
			return filepath.Join(dir, program)
		}
	}
	return "/" + program
}

func (s system) must(t *testing.T, argv ...string) string {
	t.Helper()
	out, err := s.command(0, argv...).CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, out)
	}
	return string(out)
}

// files lists what is there, but for dpkg's own notes and caches.
func (s system) files(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(string(s), func(path string, _ fs.DirEntry, err error) error {
		path = strings.TrimPrefix(path, string(s))
		for _, notes := range []string{"/proc", "/sys", "/dev", "/var/lib/dpkg", "/var/log", "/var/cache"} {
			if path == notes {
				return filepath.SkipDir
			}
		}
		all = append(all, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// missing returns those of some paths that are not there.
func (s system) missing(paths []string) (gone []string) {
	for _, path := range paths {
		if _, err := os.Lstat(filepath.Join(string(s), path)); err != nil {
			gone = append(gone, path)
		}
	}
	return gone
}

// mount mounts what the kernel shows of itself, for as long as the test takes.
func (s system) mount(t *testing.T, kind, at string) {
	t.Helper()
	target := filepath.Join(string(s), at)
	if err := syscall.Mount(kind, target, kind, syscall.MS_NOSUID|syscall.MS_NOEXEC|syscall.MS_NODEV|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(fmt.Errorf("mount %s: %w", kind, err))
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(target, syscall.MNT_DETACH); err != nil {
			t.Error(err) // or what is in it would be removed with the rest
		}
	})
}
