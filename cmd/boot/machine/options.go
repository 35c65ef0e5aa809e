package machine

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
)

var errNoCommand = errors.New("machine: no command to run")

// Options says what to boot and run.
type Options struct {
	// Kernel is what to boot; its architecture is the machine's.
	Kernel debian.Kernel
	// Commands run one after the other, whatever came of those before.
	Commands []Command
	// Files are files of this host to have in the machine. Permissions stay;
	// everything is root's.
	Files []File
	// Modules are kernel modules to load beside the usual ones.
	Modules []string
	// CPUs of the machine: 1 if 0. With several, emulators such as QEMU 7.2 now
	// and then let one CPU run into code that another one is changing, which
	// panics the kernel; it changes its code when receive timestamps are switched
	// on, say.
	CPUs int
	// Memory is the machine's, in MiB: 1024 if 0.
	Memory int
	// Timeout is how long the machine may run: 5 minutes if 0.
	Timeout time.Duration
	// Stdout and Stderr get what the commands write; discarded if nil. They may
	// be the same: only one goroutine at a time writes.
	Stdout, Stderr io.Writer
}

// Command is a program to run: a path inside the machine and arguments. Its
// environment is added to a PATH, HOME and TMPDIR; it runs in / if it says no
// directory, which is made for it.
type Command = guest.Command

// File is a file to have in the machine.
type File struct {
	// Guest is its path there, Host is where it comes from.
	Guest, Host string
}

// environment is what every command has.
var environment = []string{"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/tmp", "TMPDIR=/tmp", "TERM=dumb"}

func (o Options) withDefaults() Options {
	o.Commands = slices.Clone(o.Commands)
	for i, c := range o.Commands {
		o.Commands[i].Dir = cmp.Or(c.Dir, "/")
		o.Commands[i].Env = slices.Concat(environment, c.Env)
	}
	o.CPUs = cmp.Or(o.CPUs, 1)
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

func (o Options) check() error {
	if len(o.Commands) == 0 {
		return errNoCommand
	}
	for _, c := range o.Commands {
		if len(c.Argv) == 0 {
			return errNoCommand
		}
	}
	return Check(o.Kernel.Arch)
}
