package main

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// tmpfs is where files are listed in another order than on a disk.
const tmpfs = "/dev/shm"

// A release is the same, byte by byte, from another directory on another kind of file
// system, by another user, with another umask, locale, time zone and home, and with
// nothing of this module compiled before.
func TestReproducible(t *testing.T) {
	if os.Getenv(debVariable) == "" {
		t.Skip("takes a minute: make test-deb")
	}
	here := func(script string) *exec.Cmd { return exec.Command("sh", "-ec", script) }
	first := release{dir: filepath.Join(t.TempDir(), "here"), shell: here}.make(t)
	second := elsewhere(t).make(t)
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs", name)
		}
	}
	if len(first) != 4 || len(first) != len(second) { // program, SBOM, package, sums
		t.Errorf("%d and %d files, want the same four", len(first), len(second))
	}
}

// release is one to be made: in a directory that is not there yet, by scripts that a
// shell runs.
type release struct {
	dir   string
	shell func(script string) *exec.Cmd
}

// elsewhere returns a release that has nothing in common with the usual one that should
// not matter.
func elsewhere(t *testing.T) release {
	t.Helper()
	root, err := os.MkdirTemp(tmpfs, "release-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	env := append(slices.DeleteFunc(os.Environ(), ofCaller),
		"GO="+uncached(t, root), "GOPATH="+goEnv(t, "GOPATH"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"),
		"TZ=Asia/Kolkata", "LC_ALL=C.UTF-8", "HOME="+root, "USER=somebody", "LOGNAME=somebody")
	const uid = 1234
	shell := func(script string) *exec.Cmd {
		c := exec.Command("sh", "-ec", "umask 077; "+script)
		c.Env = env
		c.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getgid(), Size: 1}},
		}
		return c
	}
	return release{dir: filepath.Join(root, "there", "and", "deeper"), shell: shell}
}

func ofCaller(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return strings.HasPrefix(name, "LC_") || slices.Contains([]string{"LANG", "TZ", "HOME", "USER", "LOGNAME"}, name)
}

// uncached returns a go command that builds as if nothing of this module was in Go's
// cache. It runs programs from there: those that make the release are not in it.
func uncached(t *testing.T, root string) string {
	t.Helper()
	file := filepath.Join(root, "go")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\n[ \"$1\" != build ] || export GOCACHEPROG=" + self +
		" " + cacheVariable + "=" + filepath.Join(root, "cache") + ":" + goEnv(t, "GOCACHE") + "\nexec go \"$@\"\n"
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// make makes it of what is committed, from a clone, and returns a hash of each file.
func (r release) make(t *testing.T) map[string][sha256.Size]byte {
	t.Helper()
	script := "git -c safe.directory='*' clone -q ../.. " + r.dir + "; make -C " + r.dir +
		" deb ARCHS=" + runtime.GOARCH + ` RELEASE=bin/release GO="${GO-go}"`
	if out, err := r.shell(script).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, bytes.TrimSpace(out))
	}
	return sums(t, os.DirFS(filepath.Join(r.dir, "bin/release")))
}

func sums(t *testing.T, dir fs.FS) map[string][sha256.Size]byte {
	t.Helper()
	files, err := fs.Glob(dir, "*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][sha256.Size]byte{}
	for _, file := range files {
		content, err := fs.ReadFile(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = sha256.Sum256(content)
	}
	return all
}
