package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
)

var portNames = []string{guest.PortReport, guest.PortStdout, guest.PortStderr}

// emulate runs the machine whose root file system is in that file.
func (o Options) emulate(ctx context.Context, root string) (Result, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("it did not end within %v", o.Timeout))
	defer cancel()
	p, err := platformOf(o.Kernel.Arch)
	if err != nil {
		return Result{}, err
	}
	// The signal that ends the emulator with us comes when its thread ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var console, problem bytes.Buffer
	cmd := exec.CommandContext(ctx, p.emulator, o.arguments(p, root)...)
	cmd.Stderr = &problem
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	r := &reports{start: time.Now(), want: len(o.Commands)}
	var w wires
	if err := w.run(cmd, w.copyTo(&console), r.read, w.copyTo(o.Stdout), w.copyTo(o.Stderr)); err != nil {
		return r.result(console.String(), errors.Join(context.Cause(ctx), fmt.Errorf("%w: %s", err, bytes.TrimSpace(problem.Bytes()))))
	}
	return r.result(console.String(), nil)
}
