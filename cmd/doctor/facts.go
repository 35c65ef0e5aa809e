package doctor

import (
	"errors"

	"github.com/ebpftrace/ebpftrace/loader"
)

// Facts is what was found on this host. The zero value knows nothing.
type Facts struct {
	Kernel       Fact[Kernel]
	Process      Fact[Process]
	Capabilities Fact[Capabilities]
	Device       Fact[Device]
	BTF          Fact[BTF]
	Programs     Try // tc programs can be loaded
	RingBuffer   Try
	TAIHelper    Try // bpf_ktime_get_tai_ns
	KernelReads  Try // bpf_probe_read_kernel, which lockdown forbids
	JIT          Fact[JIT]
	Memlock      Fact[Memlock]
	Unprivileged Fact[string] // kernel.unprivileged_bpf_disabled
	Lockdown     Fact[string] // /sys/kernel/security/lockdown
	Receive      Try          // packets are stamped when they come in
	TAI          Fact[TAI]
	Clocksource  Fact[Clocksource]
	Datagram     Try // a UDP socket
	Raw          Try // a raw socket
	Ping         Try // a ping socket
	PingRange    Fact[string]
	TCX          Fact[TCX]
	Filters      Fact[[]Filter]
	Leftovers    Fact[[]Leftover]
	Trial        Fact[Trial]
}

// Fact is what one look found, or why it found nothing.
type Fact[T any] struct {
	value  T
	err    error
	looked bool
}

// Try is a look that tells no more than whether something works.
type Try = Fact[none]

type none struct{}

// errNotLooked is what is known of a fact before anybody has looked.
var errNotLooked = errors.New("nobody has looked")

// Get returns what was found.
func (f Fact[T]) Get() (T, error) {
	if !f.looked {
		return f.value, errNotLooked
	}
	return f.value, f.err
}

// Err returns why nothing was found, nil if something was.
func (f Fact[T]) Err() error {
	_, err := f.Get()
	return err
}

func found[T any](v T, err error) Fact[T] { return Fact[T]{v, err, true} }

// NotTriedError says that something was not tried, for want of a capability.
type NotTriedError struct {
	Needs string
}

func (e *NotTriedError) Error() string { return "not tried: needs " + e.Needs }

// untried reports whether an error says no more than that nothing is known.
func untried(err error) bool {
	e := (*NotTriedError)(nil)
	return errors.As(err, &e) || errors.Is(err, errNotLooked) || errors.Is(err, errSlow)
}

// hooks says how the programs would be attached, and how that is known.
func (f *Facts) hooks() (h loader.Hooks, how string, err error) {
	trial, err := f.Trial.Get()
	if err == nil {
		return trial.Hooks, "tried in a network namespace of its own", nil
	}
	if !untried(err) {
		return "", "", err
	}
	switch tcx := f.TCX.Err(); {
	case tcx == nil:
		return loader.TCX, "the kernel knows of it; " + err.Error(), nil
	case errors.Is(tcx, errors.ErrUnsupported), !f.since(6, 6):
		return loader.Clsact, err.Error(), nil
	}
	return loader.TCX, "by the kernel's version; " + err.Error(), nil
}
