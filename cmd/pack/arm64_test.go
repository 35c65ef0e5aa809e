package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// traced is what a trace's document says of how it went.
type traced struct {
	Timing  string
	TimedBy string `json:"timed_by"`
	Reached bool
	Hops    []struct {
		Probes []struct{ Status, Source string }
	}
}

// The program in the package for arm64 traces through routers by the clock of an
// arm64 kernel.
func TestARM64(t *testing.T) {
	deb := debFor(t, "arm64")
	kernel := machinetest.KernelFor(t, "arm64", "6.12")
	root := t.TempDir()
	if out, err := exec.Command("dpkg-deb", "-x", deb, root).CombinedOutput(); err != nil {
		t.Fatalf("dpkg-deb: %v\n%s", err, out)
	}
	const program = "/usr/bin/ebpftrace"
	var stdout, stderr bytes.Buffer
	r, err := machine.Run(t.Context(), machine.Options{
		Kernel: kernel, Stdout: &stdout, Stderr: &stderr,
		Files: []machine.File{{Guest: program, Host: filepath.Join(root, program)}},
		Commands: []machine.Command{
			{Argv: []string{program, "--version"}},
			{Argv: []string{program, "lab", "--", program, "--timing", "kernel", "--json", "target.lab"}},
		},
	})
	if err != nil || r.Status() != 0 {
		t.Fatalf("statuses %v, %v\n%s", r.Statuses, err, stderr.String())
	}
	version, document, _ := strings.Cut(stdout.String(), "{")
	t.Logf("%s%s", version, stderr.String())
	if !strings.Contains(version, "for linux/arm64") {
		t.Errorf("--version: %s", version)
	}
	checkTraced(t, "{"+document)
}

func checkTraced(t *testing.T, document string) {
	t.Helper()
	var d traced
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	if d.Timing != "kernel" || d.TimedBy != "eBPF by tcx" || !d.Reached || len(d.Hops) != 6 {
		t.Errorf("%d hops, reached %v, timed by %s (%s)", len(d.Hops), d.Reached, d.Timing, d.TimedBy)
	}
	timed := map[string]int{}
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			timed[p.Source]++
		}
	}
	// Now and then a receive stamp is missing there: see machinetest.Emulated.
	if timed["kernel"] < 9 || timed["kernel"]+timed["driver+tcx"] != 18 {
		t.Errorf("probes are timed by %v", timed)
	}
}
