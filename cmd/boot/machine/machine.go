package machine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Result is what a machine left.
type Result struct {
	// Statuses are the exit statuses of the commands that ended: 128 and the
	// signal's number where a signal ended one.
	Statuses []int
	// Release is the kernel's, as uname -r says it.
	Release string
	// BTF says that the kernel describes its types.
	BTF bool
	// Boot is the time from the emulator's start to the first command's.
	Boot time.Duration
	// Elapsed is the time until the machine was off.
	Elapsed time.Duration
	// Lacking are the modules that machines usually have and this kernel has not.
	Lacking []string
	// Console is what the kernel printed: warnings and worse.
	Console string
}

// Status returns the first exit status that is not 0.
func (r Result) Status() int {
	for _, status := range r.Statuses {
		if status != 0 {
			return status
		}
	}
	return 0
}

// ErrNoStatus reports that the machine ended before its commands did: the kernel
// panicked, say, or the time was up. The Result has what is known.
var ErrNoStatus = errors.New("machine: it went off before its commands ended")

// Run boots the kernel, runs the commands and waits until the machine is off. The
// error says that an exit status is missing; it is ctx's if ctx ended.
func Run(ctx context.Context, o Options) (Result, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return Result{}, err
	}
	scratch, err := os.MkdirTemp("", "ebpftrace-boot-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(scratch)
	init, root := filepath.Join(scratch, "init"), filepath.Join(scratch, "root.cpio")
	if err := Build(ctx, o.Kernel.Arch, init, initProgram); err != nil {
		return Result{}, err
	}
	lacking, err := o.writeRoot(root, init)
	if err != nil {
		return Result{}, fmt.Errorf("machine: root file system: %w", err)
	}
	r, err := o.emulate(ctx, root)
	r.Lacking = lacking
	return r, err
}

// commandLine is what every kernel is told. A panic ends the machine at once.
const commandLine = "loglevel=4 panic=-1 net.ifnames=0 "

// arguments are the emulator's. The numbers are those of the files that the
// console and the ports write to. Without ioeventfd the CPU that writes to a
// port hands the data over itself, so that none is left when the power goes off.
func (o Options) arguments(p platform, root string) []string {
	args := append(slices.Clone(p.machine),
		"-accel", "tcg,thread=multi",
		"-smp", strconv.Itoa(o.CPUs), "-m", strconv.Itoa(o.Memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-kernel", o.Kernel.Image, "-initrd", root, "-append", commandLine+p.kernel,
		"-chardev", "file,id=console,path=/dev/fd/3", "-serial", "chardev:console",
		"-device", "virtio-serial-pci,ioeventfd=off",
	)
	for i, name := range portNames {
		args = append(args,
			"-chardev", fmt.Sprintf("file,id=%s,path=/dev/fd/%d", name, 4+i),
			"-device", fmt.Sprintf("virtserialport,chardev=%s,name=%s", name, name))
	}
	return args
}
