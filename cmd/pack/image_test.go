package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// profile is the module of Docker's default seccomp profile.
const profile = "github.com/moby/profiles/seccomp@v0.2.4"

// The image, in a container with the capabilities that README.md names, a root that
// can't be written and Docker's seccomp profile, traces by the kernel's clock.
func TestImageRuns(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to run a container in the emulated network")
	}
	for _, tool := range []string{"podman", "runc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs podman and runc, to build an image and run it")
		}
	}
	l, err := lab.Chain(t.Context(), lab.Options{Routers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := newPodman(t)
	p.build(t)
	for _, tt := range []struct{ target, hops string }{{l.Nodes()[3].V4.String(), "3 hops"}, {"127.0.0.1", "1 hop"}} {
		said := p.trace(t, l, "-n", "--timing", "kernel", tt.target)
		if !strings.Contains(said, "reached in "+tt.hops+",") || !strings.Contains(said, "timed by kernel (eBPF by ") {
			t.Errorf("%s: %s", tt.target, said)
		}
	}
}

// podman is the command, with a storage of its own.
type podman []string

func newPodman(t *testing.T) podman {
	t.Helper()
	storage := t.TempDir()
	return podman{"podman", "--root", filepath.Join(storage, "root"), "--runroot", filepath.Join(storage, "run"), "--storage-driver", "vfs", "--runtime", "runc"}
}

// build builds the image as users do.
func (p podman) build(t *testing.T) {
	t.Helper()
	c := exec.Command("make", "-C", "../..", "image", "ENGINE="+strings.Join(p, " "), "IMAGE=ebpftrace-test", "VERSION=v0.image")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("make image: %v\n%s", err, out)
	}
}

// trace runs the image in the lab client's network. The limits are lower than podman's
// own, which not every machine may set.
func (p podman) trace(t *testing.T, l *lab.Lab, args ...string) string {
	t.Helper()
	run := append(p[1:len(p):len(p)], "run", "--rm", "--network", "host", "--read-only", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
		"--security-opt", "no-new-privileges", "--security-opt", "seccomp="+dockersProfile(t),
		"--cap-drop", "ALL", "--cap-add", "BPF", "--cap-add", "PERFMON", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "ebpftrace-test")
	var out bytes.Buffer
	c := exec.Command(p[0], append(run, args...)...)
	c.Stdout, c.Stderr = &out, &out
	if err := l.Do(lab.Client, c.Start); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("podman run: %v", err)
	}
	t.Log(out.String())
	return out.String()
}

func dockersProfile(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", profile).Output()
	if err != nil {
		t.Fatalf("go mod download %s: %v\n%s", profile, err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(module.Dir, "default.json")
}
