package machine_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// TestMain makes this test binary the program that runs inside machines too.
func TestMain(m *testing.M) {
	if os.Getenv("MACHINE_TEST_INSIDE") != "" {
		os.Exit(inside(os.Args[1]))
	}
	os.Exit(m.Run())
}

// guest returns options for this program, built for the machine, with a kernel.
func guest(t *testing.T, argument string) machine.Options {
	t.Helper()
	kernel := machinetest.Kernel(t, "6.1")
	self := filepath.Join(t.TempDir(), "self")
	if err := machine.BuildTest(t.Context(), self, "."); err != nil {
		t.Fatal(err)
	}
	return machine.Options{
		Kernel: kernel, Argv: []string{"/self", argument}, Env: []string{"MACHINE_TEST_INSIDE=1"},
		Files: []machine.File{{Guest: "/self", Host: self}},
	}
}

// A command's surroundings, its output to the last byte and its status.
func TestRun(t *testing.T) {
	o := guest(t, "look")
	var stdout, stderr bytes.Buffer
	o.Stdout, o.Stderr, o.Dir, o.Modules = &stdout, &stderr, "/some/where", []string{"sch_tbf"}
	r, err := machine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Linux %s was up in %v and off after %v", r.Release, r.Boot, r.Elapsed)
	if r.Status != 7 || r.Release != o.Kernel.Release || !r.BTF || r.Boot <= 0 || r.Boot > r.Elapsed {
		t.Errorf("%+v", r)
	}
	if want := strings.Repeat("out\n", lines) + "end"; stdout.String() != want {
		t.Errorf("%d bytes on stdout, want %d", stdout.Len(), len(want))
	}
	if stderr.Len() > 0 {
		t.Errorf("inside: %s", stderr.String())
	}
}

// What ends without a status of its own.
func TestNoCommand(t *testing.T) {
	o := guest(t, "look")
	o.Argv = []string{"/absent"}
	if _, err := machine.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a command that is not there: %v", err)
	}
	o.Argv = []string{"/self", "panic"}
	if r, err := machine.Run(t.Context(), o); !errors.Is(err, machine.ErrNoStatus) || !strings.Contains(r.Console, "sysrq triggered crash") {
		t.Errorf("a panic: %v, %q", err, r.Console)
	}
	o.Argv, o.Timeout = []string{"/self", "sleep"}, 3*time.Second
	if _, err := machine.Run(t.Context(), o); !errors.Is(err, machine.ErrNoStatus) || !strings.Contains(err.Error(), "within 3s") {
		t.Errorf("no end: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := machine.Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("an end from outside: %v", err)
	}
	o.Modules = []string{"no_such_module"}
	if _, err := machine.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no_such_module") {
		t.Errorf("a module that is not there: %v", err)
	}
}
