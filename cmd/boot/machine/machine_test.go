package machine_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	if err := machine.BuildTest(t.Context(), kernel.Arch, self, "."); err != nil {
		t.Fatal(err)
	}
	return machine.Options{
		Kernel: kernel, Commands: []machine.Command{command(argument)},
		Files: []machine.File{{Guest: "/self", Host: self}},
	}
}

// command is this program, to do that.
func command(argument string) machine.Command {
	return machine.Command{
		Argv: []string{"/self", argument}, Env: []string{"MACHINE_TEST_INSIDE=1"}, Dir: "/some/where",
	}
}

// A command's surroundings, its output to the last byte and its status.
func TestRun(t *testing.T) {
	o := guest(t, "look")
	var stdout, stderr bytes.Buffer
	o.Stdout, o.Stderr, o.Modules = &stdout, &stderr, []string{"macvtap"}
	r, err := machine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Linux %s was up in %v and off after %v", r.Release, r.Boot, r.Elapsed)
	if r.Status() != 7 || r.Release != o.Kernel.Release || !r.BTF || r.Boot <= 0 || r.Boot > r.Elapsed || len(r.Lacking) > 0 {
		t.Errorf("%+v", r)
	}
	if want := strings.Repeat("out\n", lines) + "end"; stdout.String() != want {
		t.Errorf("%d bytes on stdout, want %d", stdout.Len(), len(want))
	}
	if stderr.Len() > 0 {
		t.Errorf("inside: %s", stderr.String())
	}
}

// Commands run in turn, whatever their status; nothing of one is left for the
// next, and one that tests says so as go test does.
func TestRunSeveral(t *testing.T) {
	o := guest(t, "look")
	var stdout, stderr bytes.Buffer
	o.Stdout, o.Stderr, o.Modules = &stdout, &stderr, []string{"macvtap"}
	tests := command("alone")
	tests.Tests = "example.org/some/package"
	o.Commands = append(o.Commands, tests, command("alone"))
	r, err := machine.Run(t.Context(), o)
	if err != nil || !slices.Equal(r.Statuses, []int{7, 3, 3}) || r.Status() != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	_, last, _ := strings.Cut(stdout.String(), "end")
	want := `^out\nerr\nexit status 3\nFAIL\texample.org/some/package\t\d+\.\d{3}s\tLinux 6\.1\..*\nout\n$`
	if !regexp.MustCompile(want).MatchString(last) || stderr.String() != "err\n" {
		t.Errorf("the others wrote %q and %q, want %s", last, stderr.String(), want)
	}
}

// What ends without a status of its own.
func TestNoCommand(t *testing.T) {
	o := guest(t, "look")
	o.Commands[0].Argv = []string{"/absent"}
	if _, err := machine.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a command that is not there: %v", err)
	}
	o.Commands = []machine.Command{command("look"), command("panic")}
	if r, err := machine.Run(t.Context(), o); !errors.Is(err, machine.ErrNoStatus) || !strings.Contains(r.Console, "sysrq triggered crash") || len(r.Statuses) != 1 {
		t.Errorf("a panic: %v, %+v", err, r)
	}
	o.Commands, o.Timeout = []machine.Command{command("sleep")}, 3*time.Second
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
	o.Commands = append(o.Commands, machine.Command{})
	if _, err := machine.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no command") {
		t.Errorf("an empty command: %v", err)
	}
}
