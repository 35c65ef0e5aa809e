package machine

import (
	"cmp"
	"errors"
	"io"
	"os/exec"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
)

// Emulator is the program that emulates machines.
const Emulator = "qemu-system-x86_64"

// ErrNoEmulator reports that [Emulator] is not installed.
var ErrNoEmulator = errors.New("machine: there is no " + Emulator + ": install Debian's qemu-system-x86 and seabios")

// Check returns ErrNoEmulator if no machine can be run.
func Check() error {
	if _, err := exec.LookPath(Emulator); err != nil {
		return ErrNoEmulator
	}
	return nil
}

// Options says what to boot and run.
type Options struct {
	Kernel debian.Kernel
	// Argv is the command: a path inside the machine and its arguments.
	Argv []string
	// Env is added to a PATH, HOME and TMPDIR.
	Env []string
	// Dir is where the command runs: / if empty.
	Dir string
	// Files are files of this host to have in the machine. Permissions stay;
	// everything is root's.
	Files []File
	// Modules are kernel modules to load beside [Modules].
	Modules []string
	// CPUs and Memory (in MiB) are the machine's: 2 and 1024 if 0.
	CPUs, Memory int
	// Timeout is how long the machine may run: 5 minutes if 0.
	Timeout time.Duration
	// Stdout and Stderr get what the command writes; discarded if nil. They may
	// be the same: only one goroutine at a time writes.
	Stdout, Stderr io.Writer
}

// File is a file to have in the machine.
type File struct {
	// Guest is its path there, Host is where it comes from.
	Guest, Host string
}

// Modules are loaded in every machine, with what they depend on: the way to the
// host, the devices that labs are made of, and what traffic control needs.
var Modules = []string{
	"virtio_pci", "virtio_console",
	"veth", "dummy", "tun", "8021q", "macvlan",
	"sch_ingress", "cls_bpf", "act_bpf", "sch_netem", "sch_fq",
}

// environment is what every command has.
var environment = []string{"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/tmp", "TMPDIR=/tmp", "TERM=dumb"}

func (o Options) withDefaults() Options {
	o.Dir = cmp.Or(o.Dir, "/")
	o.CPUs = cmp.Or(o.CPUs, 2)
	o.Memory = cmp.Or(o.Memory, 1024)
	o.Timeout = cmp.Or(o.Timeout, 5*time.Minute)
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	return o
}
