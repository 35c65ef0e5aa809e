package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// debVariable names the directory of the packages to test; `make test-deb` sets it.
const debVariable = "EBPFTRACE_TEST_DEB"

// debFor returns the package for an architecture.
func debFor(t *testing.T, arch string) string {
	t.Helper()
	dir := os.Getenv(debVariable)
	if dir == "" {
		t.Skip("takes minutes and a mirror of Debian: make test-deb")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_"+arch+".deb"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%s has %d packages for %s, want one: %v", dir, len(files), arch, err)
	}
	return files[0]
}

func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	if fresh, usual, ok := strings.Cut(os.Getenv(cacheVariable), ":"); ok {
		if err := (cache{fresh, usual}).serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// suite is the release of Debian that the package is made for: 12.
const suite = "bookworm"

// In a new Debian the package installs with what it depends on, an ordinary user
// traces by the kernel's clock, and nothing stays when it is removed.
func TestDeb(t *testing.T) {
	deb := debFor(t, runtime.GOARCH)
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make a system to install to")
	}
	if _, err := exec.LookPath("debootstrap"); err != nil {
		t.Skip("needs debootstrap, of Debian")
	}
	s := newSystem(t)
	before := s.files(t)
	s.install(t, deb)
	s.checkInstalled(t)
	s.trace(t)
	s.must(t, "dpkg", "--purge", "ebpftrace")
	for _, path := range s.files(t) {
		if !slices.Contains(before, path) {
			t.Errorf("%s stays", path)
		}
	}
	if gone := s.missing(before); gone != nil {
		t.Errorf("%q went too", gone)
	}
}

func (s system) install(t *testing.T, deb string) {
	t.Helper()
	content, err := os.ReadFile(deb)
	if err != nil {
		t.Fatal(err)
	}
	const name = "/var/cache/ebpftrace.deb"
	if err := os.WriteFile(filepath.Join(string(s), name), content, 0o644); err != nil {
		t.Fatal(err)
	}
	if said := s.must(t, "dpkg", "-i", name); strings.Contains(said, "ebpftrace: ") {
		t.Errorf("installing says %s", said)
	}
}

func (s system) checkInstalled(t *testing.T) {
	t.Helper()
	for _, path := range []string{
		"/etc/ebpftrace.conf", "/usr/share/man/man1/ebpftrace.1.gz", "/usr/share/bash-completion/completions/ebpftrace",
		"/usr/share/zsh/vendor-completions/_ebpftrace", "/usr/share/fish/vendor_completions.d/ebpftrace.fish",
		"/usr/share/doc/ebpftrace/copyright", "/usr/share/doc/ebpftrace/licenses.gz", "/usr/share/doc/ebpftrace/ebpftrace.spdx.json",
	} {
		// minbase is told to leave no path out, so all have to be there.
		if gone := s.missing([]string{path}); gone != nil {
			t.Errorf("%s is not there", path)
		}
	}
	if said := s.must(t, "dpkg", "--verify", "ebpftrace"); said != "" {
		t.Errorf("dpkg --verify: %s", said)
	}
	if caps := s.must(t, "getcap", "/usr/bin/ebpftrace"); !strings.Contains(caps, "cap_net_admin,cap_net_raw,cap_perfmon,cap_bpf=ep") {
		t.Errorf("capabilities: %s", caps)
	}
	if said := s.must(t, "ebpftrace", "--version"); !strings.HasPrefix(said, "ebpftrace ") || !strings.Contains(said, "Linux 5.10 or later") {
		t.Errorf("--version: %s", said)
	}
}

// trace has an ordinary user trace through a chain of routers.
func (s system) trace(t *testing.T) {
	t.Helper()
	l, err := lab.Chain(t.Context(), lab.Options{Routers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s.mount(t, "proc", "/proc") // what the program learns of itself and the kernel
	s.mount(t, "sysfs", "/sys")
	const nobody = 65534
	c := s.command(nobody, "ebpftrace", "-n", "--timing", "kernel", l.Nodes()[3].V4.String())
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := l.Do(lab.Client, c.Start); err != nil {
		t.Fatal(err)
	}
	err = c.Wait()
	t.Log(out.String())
	if err != nil || !strings.Contains(out.String(), "reached in 3 hops") || !strings.Contains(out.String(), "timed by kernel (eBPF by ") {
		t.Errorf("%v: %s", err, out.String())
	}
}
