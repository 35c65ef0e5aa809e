package join

import "math/bits"

const (
	// DefaultSlots is how many probes are kept if nothing else is asked for.
	DefaultSlots = 4096
	// MaxSlots is as many as there are identifiers.
	MaxSlots   = 1 << 16
	leastSlots = 64
)

// SlotsFor returns how many slots a run of so many probes takes: a power of two that
// holds each of them twice over, for the identifiers that are passed over.
func SlotsFor(probes int) int {
	return min(MaxSlots, 1<<bits.Len(uint(max(probes*2, leastSlots)-1)))
}
