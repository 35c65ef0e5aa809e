package doctor

import (
	"errors"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

func tryPrograms(host) (none, error) { return none{}, features.HaveProgramType(ebpf.SchedCLS) }

func tryRingBuffer(host) (none, error) { return none{}, features.HaveMapType(ebpf.RingBuf) }

func tryTAIHelper(host) (none, error) {
	return none{}, features.HaveProgramHelper(ebpf.SchedCLS, asm.FnKtimeGetTaiNs)
}

// tryKernelReads tries what the driver's program does, in a kind of program that
// needs no BTF. Lockdown takes the helper away (kernel: bpf_tracing_func_proto).
func tryKernelReads(host) (none, error) {
	return none{}, features.HaveProgramHelper(ebpf.RawTracepoint, asm.FnProbeReadKernel)
}

// feature is something of the kernel's that can be tried, or judged by its version.
type feature struct {
	try          Try
	needs        []cap.Value // to try it
	major, minor int         // the first Linux that has it
}

// verdict says whether the feature is there, and how that is known. The error says
// that it is refused to this process although the capabilities are there.
func (f *Facts) verdict(x feature) (has bool, how string, err error) {
	err = x.try.Err()
	without := f.lacking(x.needs...)
	switch {
	case err == nil:
		return true, "tried", nil
	case untried(err):
		return f.since(x.major, x.minor), "by the kernel's version; " + err.Error(), nil
	case f.noProc():
		return false, "", errNoProc
	case errors.Is(err, ebpf.ErrNotSupported):
		return false, "tried", nil
	case errors.Is(err, os.ErrPermission) && len(without) > 0:
		return f.since(x.major, x.minor), "by the kernel's version; not tried: needs " + names(without), nil
	case errors.Is(err, os.ErrPermission):
		err = errRefused
	}
	return false, "", err
}

// errRefused is an EPERM of bpf(2) when no capability is lacking.
var errRefused = errors.New("refused by bpf(2), though the capabilities are there")

// refusers are what it may come from.
const refusers = "look for a user namespace, a container's seccomp profile, a security module or lockdown; " +
	"before Linux 5.11, also for a low `ulimit -l`"

// feature says of a feature what is there, and what to do without costs.
func (f *Facts) feature(x feature, name, cost string) Result {
	has, how, err := f.verdict(x)
	switch {
	case err != nil:
		return Result{Status: Missing, Found: fmt.Sprintf("%s: %v", name, err), Cost: cost}
	case !has:
		return Result{Status: Missing, Found: fmt.Sprintf("no %s, which Linux has from %d.%d on (%s)", name, x.major, x.minor, how), Cost: cost}
	}
	return Result{Status: OK, Found: fmt.Sprintf("%s (%s)", name, how)}
}

var loadNeeds = []cap.Value{cap.BPF, cap.NET_ADMIN}

func judgePrograms(f *Facts) Result {
	r := f.feature(feature{f.Programs, loadNeeds, 4, 1}, "tc programs", "no kernel timing")
	if f.Programs.Err() != nil && len(f.lacking(loadNeeds...)) > 0 {
		r.Status = Unknown // that depends on more than the version
	}
	switch {
	case f.noProc() && f.Programs.Err() != nil:
		r.Status, r.Mend = Missing, f.sudo("mount -t proc proc /proc")
		r.Note = "in a container, have whatever starts it mount /proc"
	case r.Status == Missing:
		r.Note = refusers
	}
	return r
}

func (f *Facts) ringBuffer() feature { return feature{f.RingBuffer, []cap.Value{cap.BPF}, 5, 8} }

func judgeRingBuffer(f *Facts) Result {
	return f.feature(f.ringBuffer(), "BPF ring buffer", "no kernel timing")
}

func (f *Facts) taiHelper() feature { return feature{f.TAIHelper, loadNeeds, 6, 1} }
