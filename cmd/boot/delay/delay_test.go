package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// series is the kernel that has all of tcx, netem and every stamp.
const series = "6.12"

// RTTs grow with a delay that is known as the delay does.
func TestKnownDelay(t *testing.T) {
	if os.Getenv("EBPFTRACE_TEST_DELAY") == "" {
		t.Skip("emulates a machine for minutes, and wants this one for itself: run `make test-delay`")
	}
	kernel := machinetest.Kernel(t, series)
	var out bytes.Buffer
	r, err := machine.Run(t.Context(), machine.Options{
		Kernel: kernel, Commands: []machine.Command{{Argv: []string{"/bin/delay"}}}, Files: programs(t),
		Timeout: 8 * time.Minute, Stdout: &out, Stderr: &out,
	})
	t.Logf("Linux %s, up in %v, off after %v\n%s", r.Release, r.Boot, r.Elapsed, out.String())
	if err != nil || r.Status() != 0 {
		t.Errorf("status %d, %v", r.Status(), err)
	}
}

// programs builds this program and the one that it measures.
func programs(t *testing.T) (files []machine.File) {
	t.Helper()
	for name, pkg := range map[string]string{"delay": ".", "ebpftrace": "../../ebpftrace"} {
		file := filepath.Join(t.TempDir(), name)
		if err := machine.Build(t.Context(), machine.DefaultArch, file, pkg); err != nil {
			t.Fatal(err)
		}
		files = append(files, machine.File{Guest: "/bin/" + name, Host: file})
	}
	return files
}
