// Boot runs commands under Debian kernels of other versions, in emulated
// machines without disk or network, and exits with their status. It needs no
// root.
//
//	go run ./cmd/boot -kernel 5.10,6.1,6.12 -test ./bpf,./loader -- -test.v -test.run Egress
//	go run ./cmd/boot -kernel 6.12 -program ./cmd/ebpftrace -- /bin/ebpftrace lab
//	go run ./cmd/boot -arch arm64 -kernel 6.1 -program ./cmd/ebpftrace -- /bin/ebpftrace lab
//	go run ./cmd/boot -kernel 6.1 -tool nft -file ./a.test:/test -- /test -test.v
//
// Tests run as go test does it, one package after the other. What they tell with
// the Attr of testing.T (which they do if -test.v is given) is printed as a table
// at the end, with a row for each test in each kernel.
//
// Kernels are downloaded once; see package debian. Where there was no command
// to speak of, or no machine, the exit status is 125. Mind that `go run` itself
// makes 1 of every status but 0.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// Exit statuses of its own; all others are the commands'.
const (
	exitUsage  = 2
	exitFailed = 125
)

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		os.Exit(exitUsage) // the flags have said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGINT, unix.SIGTERM, unix.SIGHUP)
	status, err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		status = exitFailed
	}
	os.Exit(status)
}

// run runs the commands under each kernel, and returns the first status that is
// not 0.
func (o *options) run(ctx context.Context) (status int, err error) {
	scratch, err := os.MkdirTemp("", "ebpftrace-boot-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	base, err := o.machine(ctx, scratch)
	if err != nil {
		return 0, err
	}
	boots := o.bootAll(ctx, base)
	var told table
	for _, b := range boots {
		if status == 0 {
			status = b.status
		}
		told.join(&b.told)
	}
	return status, told.print(os.Stdout)
}

// machine returns the options of all machines, without a kernel. Files are
// built in scratch.
func (o *options) machine(ctx context.Context, scratch string) (machine.Options, error) {
	m := machine.Options{
		Files: o.files, Modules: o.modules, CPUs: o.cpus, Memory: o.memory,
		Timeout: o.timeout, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	if len(o.tests) == 0 {
		m.Commands = []machine.Command{{Argv: o.argv, Env: o.env}}
	}
	err := errors.Join(o.addPrograms(ctx, &m, scratch), o.addTests(ctx, &m, scratch), o.addTools(&m), o.addBusybox(ctx, &m))
	return m, err
}
