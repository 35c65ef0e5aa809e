package loader

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/rlimit"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/bpf"
)

// load puts maps and programs into the kernel, attached to nothing yet.
func load(o Options, c bpf.KernelConfig) (*bpf.KernelObjects, error) {
	// Linux before 5.11 charges maps to RLIMIT_MEMLOCK. If the limit can't be
	// raised, it may yet be high enough; if it isn't, loading says so.
	_ = rlimit.RemoveMemlock()
	spec, err := configure(o, c)
	if err != nil {
		return nil, fmt.Errorf("configure the eBPF programs: %w", err)
	}
	objects := new(bpf.KernelObjects)
	if err := spec.LoadAndAssign(objects, nil); err != nil {
		return nil, denied("load the eBPF programs", unsupported("the BPF ring buffer", "5.8", err))
	}
	return objects, nil
}

// config is what the options say of the programs' configuration.
func (o Options) config() bpf.KernelConfig {
	return bpf.KernelConfig{
		Cookie: o.Cookie, SlotMask: o.Slots - 1, Port: o.Port, Ports: o.Ports, Secret: o.Secret, Protocol: o.Protocol,
	}
}

// configure sets what the programs leave to the loader.
func configure(o Options, c bpf.KernelConfig) (*ebpf.CollectionSpec, error) {
	spec, err := bpf.LoadKernel()
	if err != nil {
		return nil, err
	}
	var specs bpf.KernelSpecs
	if err := spec.Assign(&specs); err != nil {
		return nil, err
	}
	specs.Probes.MaxEntries, specs.Armed.MaxEntries = o.Slots, o.Slots
	specs.Events.MaxEntries = o.RingBytes
	if c.Receive == 0 {
		withoutTAI(specs.StampAnswer.Instructions)
	}
	return spec, specs.Cfg.Set(c)
}

// withoutTAI takes out the calls of a helper that Linux before 6.1 lacks. They
// are never run, but without CAP_PERFMON verifiers look at branches that are
// never taken, too.
func withoutTAI(program asm.Instructions) {
	for i, ins := range program {
		if ins.IsBuiltinCall() && ins.Constant == int64(asm.FnKtimeGetTaiNs) {
			program[i] = asm.Mov.Imm(asm.R0, 0).WithMetadata(ins.Metadata)
		}
	}
}

// denied names the operation that failed. The library blames every EPERM on
// RLIMIT_MEMLOCK, which since Linux 5.11 is never the cause.
func denied(operation string, err error) error {
	if _, proc := os.Stat("/proc/self/mountinfo"); errors.Is(proc, os.ErrNotExist) {
		return fmt.Errorf("%s: /proc is not mounted (mount -t proc proc /proc): %w", operation, errors.ErrUnsupported)
	}
	if errors.Is(err, fs.ErrNotExist) { // as /sys/devices/system/cpu/possible
		return fmt.Errorf("%s: %w (is sysfs mounted on /sys?): %w", operation, err, errors.ErrUnsupported)
	}
	if errors.Is(err, unix.EPERM) {
		return fmt.Errorf("%s: %w, though the capabilities are there: a user namespace, a container's seccomp "+
			"profile, a security module or kernel lockdown forbids it (before Linux 5.11, a low `ulimit -l` does too)",
			operation, unix.EPERM)
	}
	return fmt.Errorf("%s: %w", operation, err)
}
