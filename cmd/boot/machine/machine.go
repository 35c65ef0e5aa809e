package machine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Result is what a machine left.
type Result struct {
	// Status is the command's exit status, 128 and the signal's number if a
	// signal ended it.
	Status int
	// Release is the kernel's, as uname -r says it.
	Release string
	// BTF says that the kernel describes its types.
	BTF bool
	// Boot is the time from the emulator's start to the command's.
	Boot time.Duration
	// Elapsed is the time until the machine was off.
	Elapsed time.Duration
	// Console is what the kernel printed: warnings and worse.
	Console string
}

// ErrNoStatus reports that the machine ended before its command did: the kernel
// panicked, say, or the time was up. The Result has what is known.
var ErrNoStatus = errors.New("machine: it went off before its command ended")

// Run boots the kernel, runs the command and waits until the machine is off. The
// error says that there was no exit status; it is ctx's if ctx ended.
func Run(ctx context.Context, o Options) (Result, error) {
	o = o.withDefaults()
	if len(o.Argv) == 0 {
		return Result{}, errors.New("machine: no command to run")
	}
	if err := Check(); err != nil {
		return Result{}, err
	}
	scratch, err := os.MkdirTemp("", "ebpftrace-boot-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(scratch)
	init, root := filepath.Join(scratch, "init"), filepath.Join(scratch, "root.cpio")
	if err := Build(ctx, init, initProgram); err != nil {
		return Result{}, err
	}
	if err := o.writeRoot(root, init); err != nil {
		return Result{}, fmt.Errorf("machine: root file system: %w", err)
	}
	return o.emulate(ctx, root)
}

// commandLine is the kernel's. A panic ends the machine at once. The time stamp
// counter is the only clock that can be read without leaving the emulated CPU.
const commandLine = "console=ttyS0 loglevel=4 panic=-1 tsc=reliable clocksource=tsc net.ifnames=0"

// arguments are the emulator's. The numbers are those of the files that the
// console and the ports write to. Without ioeventfd the CPU that writes to a
// port hands the data over itself, so that none is left when the power goes off.
func (o Options) arguments(root string) []string {
	args := []string{
		"-accel", "tcg,thread=multi", "-cpu", "max",
		"-smp", strconv.Itoa(o.CPUs), "-m", strconv.Itoa(o.Memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-kernel", o.Kernel.Image, "-initrd", root, "-append", commandLine,
		"-chardev", "file,id=console,path=/dev/fd/3", "-serial", "chardev:console",
		"-device", "virtio-serial-pci,ioeventfd=off",
	}
	for i, name := range portNames {
		args = append(args,
			"-chardev", fmt.Sprintf("file,id=%s,path=/dev/fd/%d", name, 4+i),
			"-device", fmt.Sprintf("virtserialport,chardev=%s,name=%s", name, name))
	}
	return args
}
