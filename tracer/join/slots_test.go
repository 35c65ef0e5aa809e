package join_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/join"
)

func TestSlotsFor(t *testing.T) {
	for probes, want := range map[int]int{0: 64, 1: 64, 32: 64, 33: 128, 90: 256, 1 << 15: 1 << 16, 1 << 20: join.MaxSlots} {
		if got := join.SlotsFor(probes); got != want {
			t.Errorf("%d slots for %d probes, want %d", got, probes, want)
		}
	}
}
