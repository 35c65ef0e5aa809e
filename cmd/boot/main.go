// Boot runs a command under a Debian kernel of another version, in an emulated
// machine without disk or network, and exits with its status. It needs no root.
//
//	go run ./cmd/boot -kernel 5.10,6.1,6.12 -test ./bpf -- -test.v -test.run Egress
//	go run ./cmd/boot -kernel 6.12 -program ./cmd/ebpftrace -- /bin/ebpftrace lab
//	go run ./cmd/boot -kernel 6.1 -file ./a.test:/test -- /test -test.v
//
// Kernels are downloaded once; see package debian. Where there was no command
// to speak of, or no machine, the exit status is 125. Mind that `go run` itself
// makes 1 of every status but 0.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// Exit statuses of its own; all others are the command's.
const (
	exitUsage  = 2
	exitFailed = 125
)

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		os.Exit(exitUsage) // the flags have said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status, err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		status = exitFailed
	}
	os.Exit(status)
}

// run runs the command under one kernel after the other, and returns the first
// status that is not 0.
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
	for _, version := range o.kernels {
		got, err := o.boot(ctx, base, version)
		if err != nil {
			return 0, err
		}
		if status == 0 {
			status = got
		}
	}
	return status, nil
}

// boot runs the command under one kernel and says how long that took.
func (o *options) boot(ctx context.Context, base machine.Options, version string) (status int, err error) {
	if base.Kernel, err = o.cache.Kernel(ctx, version); err != nil {
		return 0, err
	}
	r, err := machine.Run(ctx, base)
	if err != nil {
		return 0, err
	}
	if r.Console != "" {
		fmt.Fprintf(os.Stderr, "boot: the kernel printed:\n%s", r.Console)
	}
	fmt.Fprintf(os.Stderr, "boot: Linux %s, BTF %v: up in %v, off after %v, status %d\n",
		r.Release, r.BTF, r.Boot.Round(time.Millisecond), r.Elapsed.Round(time.Millisecond), r.Status)
	return r.Status, nil
}

// machine returns the options of all machines, without a kernel. Files are
// built in scratch.
func (o *options) machine(ctx context.Context, scratch string) (machine.Options, error) {
	m := machine.Options{
		Argv: o.argv, Files: o.files, Modules: o.modules, CPUs: o.cpus, Memory: o.memory,
		Timeout: o.timeout, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	if err := o.addPrograms(ctx, &m, scratch); err != nil {
		return m, err
	}
	if o.tests != "" {
		if err := o.addTests(ctx, &m, scratch); err != nil {
			return m, err
		}
	}
	if !o.busybox {
		return m, nil
	}
	busybox, err := o.cache.Busybox(ctx)
	m.Files = append(m.Files, machine.File{Guest: guest.Busybox, Host: busybox})
	return m, err
}
