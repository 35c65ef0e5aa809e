package main

import (
	"bytes"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Built from two directories, and the second time with nothing cached, a release is
// the same, byte by byte.
func TestReproducible(t *testing.T) {
	if os.Getenv(debVariable) == "" {
		t.Skipf("takes minutes: make test-deb")
	}
	first := released(t, filepath.Join(t.TempDir(), "here"))
	second := released(t, filepath.Join(t.TempDir(), "there", "and", "deeper"), "GOCACHE="+t.TempDir())
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs", name)
		}
	}
	if len(first) < 4 || len(first) != len(second) { // program, SBOM, package, sums
		t.Errorf("%d and %d files, want the same four at least", len(first), len(second))
	}
}

// released makes a release of what is committed, from a clone, and returns a hash of
// each file.
func released(t *testing.T, dir string, env ...string) map[string][sha256.Size]byte {
	t.Helper()
	for _, argv := range [][]string{
		{"git", "-c", "safe.directory=*", "clone", "-q", "../..", dir},
		{"make", "-C", dir, "deb", "ARCHS=" + runtime.GOARCH, "RELEASE=bin/release"},
	} {
		c := exec.Command(argv[0], argv[1:]...)
		c.Env = append(os.Environ(), env...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", argv, err, bytes.TrimSpace(out))
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "bin/release/*"))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string][sha256.Size]byte{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sums[filepath.Base(file)] = sha256.Sum256(content)
	}
	return sums
}
