package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func main() {
	lab.Enter(os.Args)
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGINT, unix.SIGTERM)
	status := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// execute returns the exit status: 0, 1 if a target was missed under -check or
// nothing could be measured, 2 for bad usage.
func execute(ctx context.Context, args []string, out, errs io.Writer) int {
	o, err := parseOptions(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	report, err := prove(ctx, o, errs)
	if report != nil {
		err = errors.Join(err, report.write(out, o))
	}
	if err != nil {
		fmt.Fprintln(errs, "accuracy:", err)
		return 1
	}
	if failures := report.failures(o); o.check && len(failures) > 0 {
		for _, f := range failures {
			fmt.Fprintln(errs, "accuracy: missed target:", f)
		}
		return 1
	}
	return 0
}

// prove takes all rows. Progress goes to log. What it has taken by the time that
// it fails or ctx ends is returned with the error.
func prove(ctx context.Context, o options, log io.Writer) (*report, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("needs root to make network namespaces: use sudo")
	}
	if _, err := exec.LookPath("tcpdump"); err != nil {
		return nil, fmt.Errorf("%w: apt-get install tcpdump", err)
	}
	dir, err := os.MkdirTemp("", "accuracy-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if o.ebpftrace, err = program(ctx, o.ebpftrace, dir); err != nil {
		return nil, err
	}
	tools, missing, err := o.chosen()
	if err != nil {
		return nil, err
	}
	r := newReport(o, tools, missing)
	for _, c := range o.conditions {
		if err := r.take(ctx, o, c, tools, log); err != nil {
			return r, fmt.Errorf("condition %s: %w", c.name, err)
		}
	}
	return r, nil
}

// program returns the absolute path of the program to prove, which it builds in
// dir if there is none. An absolute one is found wherever it is run.
func program(ctx context.Context, path, dir string) (string, error) {
	if path != "" {
		return filepath.Abs(path)
	}
	path = filepath.Join(dir, ourName)
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/ebpftrace/ebpftrace/cmd/ebpftrace")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build ebpftrace: %w: %s", err, out)
	}
	return path, nil
}

// chosen returns the tools that are asked for, and the names of those that are
// not installed.
func (o options) chosen() (tools []tool, missing []string, err error) {
	asked := func(name string) bool { return len(o.tools) == 0 || slices.Contains(o.tools, name) }
	if asked(ourName) {
		choices := o.timings
		if len(choices) == 0 {
			if choices, err = timings(o.ebpftrace); err != nil {
				return nil, nil, err
			}
		}
		for _, c := range choices {
			tools = append(tools, ours(o.ebpftrace, c))
		}
	}
	for _, t := range peers {
		if !asked(t.name) {
			continue
		}
		if _, err := exec.LookPath(t.program); err != nil {
			missing = append(missing, t.name)
			continue
		}
		tools = append(tools, t)
	}
	return tools, missing, nil
}
