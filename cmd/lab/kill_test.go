package lab_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// SIGKILL of a process that holds a lab, while a command with descendants runs,
// leaves no process, network namespace, interface, mount or file.
//
// The holder's own network is a lab's client, so that what other programs do on
// this machine meanwhile cannot be mistaken for its remains.
func TestKillLeavesNothing(t *testing.T) {
	outer := newChain(t, 1)
	tmp := t.TempDir()
	var h *holder
	err := outer.Do(lab.Client, func() error {
		h = startHolder(t, tmp, "sh", "-c", orphans)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(h.namespaces) != 4 {
		t.Fatalf("namespaces: %v", h.namespaces)
	}
	if n := len(holdersOf(t, h.namespaces)); n < 2 {
		t.Fatalf("the scan finds %d places that hold the lab's namespaces", n)
	}
	if err := h.Process.Signal(unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	h.rest(t) // which ends when no process has the output open any more
	awaitNone(t, "namespaces are held by", func() []string { return holdersOf(t, h.namespaces) })
	awaitNone(t, "interfaces appeared:", func() []string { return strayInterfaces(t, outer) })
	awaitNone(t, "mounts stay:", strayMounts)
	awaitNone(t, "files stay:", func() []string { return entries(tmp) })
}

// awaitNone fails the test unless what finds nothing soon: the kernel cleans up
// in the background.
func awaitNone(t *testing.T, stay string, find func() []string) {
	t.Helper()
	var found []string
	for range 200 {
		if found = find(); len(found) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s %v", stay, found)
}

// holdersOf returns the files in /proc that hold one of the namespaces: those
// of threads inside, open descriptors, and mounts.
func holdersOf(t *testing.T, namespaces map[string]bool) (held []string) {
	t.Helper()
	for _, pattern := range []string{"/proc/[0-9]*/task/[0-9]*/ns/net", "/proc/[0-9]*/fd/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if name, err := os.Readlink(f); err == nil && namespaces[name] {
				held = append(held, f)
			}
		}
	}
	for _, line := range mounts() {
		for name := range namespaces {
			if strings.Contains(line, name) {
				held = append(held, line)
			}
		}
	}
	return held
}

// strayMounts returns the mounts of this process that a lab made.
func strayMounts() (stray []string) {
	for _, line := range mounts() {
		if strings.Contains(line, "ebpftrace-lab") {
			stray = append(stray, line)
		}
	}
	return stray
}

func mounts() []string {
	b, _ := os.ReadFile("/proc/self/mountinfo")
	return strings.Split(string(b), "\n")
}

// entries lists what is in a directory.
func entries(dir string) (names []string) {
	all, _ := os.ReadDir(dir)
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

// strayInterfaces returns the interfaces of the lab's client that are not its
// own.
func strayInterfaces(t *testing.T, l *lab.Lab) (stray []string) {
	t.Helper()
	err := l.Do(lab.Client, func() error {
		all, err := net.Interfaces()
		for _, i := range all {
			if i.Name != "lo" && i.Name != "eth0" {
				stray = append(stray, i.Name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stray
}
