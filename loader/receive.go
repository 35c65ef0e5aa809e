package loader

import (
	"fmt"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/bpf"
)

// holdReceive has answers stamped when they enter the stack, and configures the
// programs to take that stamp over.
func (s *Session) holdReceive(config *bpf.KernelConfig) error {
	err := features.HaveProgramHelper(ebpf.SchedCLS, asm.FnKtimeGetTaiNs)
	if err != nil {
		return unsupported("the eBPF helper bpf_ktime_get_tai_ns", "6.1", err)
	}
	offset, err := taiOffset()
	if err != nil {
		return fmt.Errorf("read the offset of CLOCK_TAI: %w", err)
	}
	holder, err := holdTimestamps()
	if err != nil {
		return err
	}
	s.opened, s.stamping = append(s.opened, holder), holder
	config.Receive, config.TaiOffsetNs = 1, uint64(offset)
	return nil
}

// confirmReceive waits until answers are stamped.
func (s *Session) confirmReceive() error { return s.stamping.confirm(time.Now().Add(settle)) }

// taiOffset returns CLOCK_TAI less CLOCK_REALTIME: whole seconds, 0 on a host
// that nobody has told of TAI (adjtimex(2)). It is read once. When a leap second or
// the first synchronisation changes it later, the programs' receive stamps come out
// wrong by a second or more, which they notice, drop and count; samples then have
// the stamp of tcx.
func taiOffset() (time.Duration, error) {
	var clock unix.Timex
	_, err := unix.Adjtimex(&clock)
	return time.Duration(clock.Tai) * time.Second, err
}
