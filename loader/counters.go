package loader

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// Counters implements [tracer.Source]. What is counted while it reads may be in
// one counter and not yet in another.
func (s *Session) Counters() (tracer.Counters, error) {
	var sums [bpf.KernelCounterCOUNTERS]uint64
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring == nil {
		return tracer.Counters{}, errClosed
	}
	for which := range sums {
		var perCPU []uint64
		if err := s.objects.Counters.Lookup(uint32(which), &perCPU); err != nil {
			return tracer.Counters{}, fmt.Errorf("read eBPF counter %d: %w", which, err)
		}
		for _, n := range perCPU {
			sums[which] += n
		}
	}
	return tracer.Counters{
		Probes:           sums[bpf.KernelCounterCOUNTER_PROBES],
		Answers:          sums[bpf.KernelCounterCOUNTER_ANSWERS] - s.broken,
		Duplicates:       sums[bpf.KernelCounterCOUNTER_DUPLICATES],
		Unmatched:        sums[bpf.KernelCounterCOUNTER_UNMATCHED],
		Foreign:          sums[bpf.KernelCounterCOUNTER_FOREIGN],
		Malformed:        sums[bpf.KernelCounterCOUNTER_MALFORMED] + s.broken,
		Overflow:         sums[bpf.KernelCounterCOUNTER_OVERFLOW],
		ImpossibleStamps: sums[bpf.KernelCounterCOUNTER_IMPOSSIBLE],
	}, nil
}
