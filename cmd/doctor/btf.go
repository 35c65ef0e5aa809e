package doctor

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cilium/ebpf/btf"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

const tracepoint = "net_dev_start_xmit"

// BTF is what the kernel tells of its own types.
type BTF struct {
	// Tracepoint says that the one of the driver's stamp has a type.
	Tracepoint bool
	// NoSysfs says why there is none: /sys/kernel is not there to be read.
	NoSysfs bool
}

// lookBTF does as the loader does: without /sys/kernel/btf/vmlinux it searches for
// the kernel's image.
func lookBTF(h host) (b BTF, err error) {
	if _, err := fs.Stat(h.root, "sys/kernel"); isMissing(err) {
		b.NoSysfs = true
	}
	spec, err := btf.LoadKernelSpec()
	if err != nil {
		return b, err
	}
	var t *btf.Typedef
	b.Tracepoint = spec.TypeByName("btf_trace_"+tracepoint, &t) == nil
	return b, nil
}

func judgeBTF(f *Facts) Result {
	b, err := f.BTF.Get()
	switch {
	case err == nil:
		return Result{Status: OK, Found: "the kernel's types can be read"}
	case !errors.Is(err, errors.ErrUnsupported) && !isMissing(err) && !b.NoSysfs:
		return unseen(err)
	}
	r := Result{Status: Missing, Found: "none in this kernel", Cost: "no driver stamp: " + driverCost,
		Note: "use a kernel with CONFIG_DEBUG_INFO_BTF, as most distributions' have it"}
	if b.NoSysfs {
		r.Found = "/sys is not mounted, where the kernel shows it"
		r.Mend = f.sudo("mount -t sysfs -o ro sysfs /sys")
		r.Note = "in a container, have whatever starts it mount /sys"
	}
	return r
}

// tracepointNeeds are the capabilities to load a tracing program.
var tracepointNeeds = []cap.Value{cap.BPF, cap.PERFMON}

var errNoReads = errors.New("the kernel lets programs read none of its memory (lockdown, or a security module)")

// driver says whether probes can be stamped at the driver, and how that is known.
func (f *Facts) driver() (how string, err error) {
	reads, _, refused := f.verdict(f.kernelReads())
	if trial, err := f.Trial.Get(); err == nil {
		err = trial.fallback(stamp.DriverStart)
		if err != nil && refused == nil && !reads {
			err = errNoReads
		}
		return "tried", err
	}
	b, err := f.BTF.Get()
	switch {
	case err != nil:
		return "", errors.New("its type is not known without BTF")
	case !b.Tracepoint:
		return "", errors.New("this kernel has none: Linux 5.5 or later has it")
	case len(f.lacking(tracepointNeeds...)) > 0:
		return "not tried: needs " + names(f.lacking(tracepointNeeds...)), nil
	case refused != nil:
		return "", refused
	case !reads:
		return "", errNoReads
	}
	return "by the kernel's types", nil
}

func (f *Facts) kernelReads() feature { return feature{f.KernelReads, tracepointNeeds, 5, 5} }

func judgeTracepoint(f *Facts) Result {
	how, err := f.driver()
	if err == nil {
		return Result{Status: OK, Found: fmt.Sprintf("%s (%s)", tracepoint, how)}
	}
	r := Result{Status: Missing, Found: tracepoint + ": " + err.Error(), Cost: "no driver stamp: " + driverCost}
	if lacking := (*loader.CapabilityError)(nil); errors.As(err, &lacking) {
		r.Found = tracepoint + ": needs " + names(lacking.Missing)
	}
	return r
}
