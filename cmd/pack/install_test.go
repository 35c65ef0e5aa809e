package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// make install puts the program, its man page and completions beneath PREFIX, and
// make uninstall takes them away again.
func TestInstall(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to give a file capabilities")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("needs make")
	}
	dir := filepath.Join(t.TempDir(), "of a package")
	run := func(target string) {
		t.Helper()
		c := exec.Command("make", "-C", "../..", target, "DESTDIR="+dir, "PREFIX=/opt")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("make %s: %v\n%s", target, err, out)
		}
	}
	run("install")
	want := []string{
		"opt/bin/ebpftrace", "opt/share/bash-completion/completions/ebpftrace", "opt/share/fish/vendor_completions.d/ebpftrace.fish",
		"opt/share/man/man1/ebpftrace.1.gz", "opt/share/zsh/site-functions/_ebpftrace",
	}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("installed %q, want %q", got, want)
	}
	if out, err := exec.Command(filepath.Join(dir, want[0]), "--version").Output(); err != nil || strings.Contains(string(out), "unknown") {
		t.Errorf("it says it is %q, %v", out, err)
	}
	run("uninstall")
	if got := files(t, dir); got != nil {
		t.Errorf("%q stay", got)
	}
}

func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
