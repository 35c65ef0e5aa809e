package loader

import (
	"bytes"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Needs returns the capabilities that an open session can't do without: none as a
// rule. Clsact filters have to be removed in the end, and some kernels want CAP_BPF
// for counters to be read.
func (s *Session) Needs() (needs []cap.Value) {
	if s.hooks == Clsact {
		needs = append(needs, cap.NET_ADMIN)
	}
	if !mapsStayOpen() {
		needs = append(needs, cap.BPF)
	}
	return needs
}

// mapsStayOpen reports whether a map that is open may be read without CAP_BPF.
// Before Linux 5.19 kernel.unprivileged_bpf_disabled forbids the whole system call
// (kernel: __sys_bpf). A helper that came with that version tells.
func mapsStayOpen() bool {
	disabled, err := os.ReadFile("/proc/sys/kernel/unprivileged_bpf_disabled")
	if err == nil && bytes.Equal(bytes.TrimSpace(disabled), []byte("0")) {
		return true
	}
	return features.HaveProgramHelper(ebpf.SchedCLS, asm.FnMapLookupPercpuElem) == nil
}
