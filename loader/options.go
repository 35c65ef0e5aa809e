package loader

import (
	"fmt"
	"math"
	"math/bits"
	"os"
)

const (
	defaultSlots     = 4096
	defaultRingBytes = 1 << 20
	maxSlots         = 1 << 16 // as many as there are identifiers
)

// Options says which packets are probes and where they pass.
type Options struct {
	// Interface is the index of the interface that probes leave by, and
	// answers enter by as a rule, in the network namespace of the calling thread.
	Interface int
	// Uplinks are the indices of further interfaces that answers may enter by.
	Uplinks []int
	// Hooks is how to attach; empty means the best way that the kernel has.
	Hooks Hooks
	// Cookie is the SO_COOKIE of the socket that sends the probes. Nothing
	// else is ever taken for one.
	Cookie uint64
	// Protocol is the IP protocol number or next header of the probes.
	Protocol uint8
	// Port is their source port, or the echo identifier.
	Port uint16
	// Ports is how many source ports from Port on probes may have, where
	// flows differ in it; 0 means 1.
	Ports uint16
	// Secret is what mixes identifiers into the IPv4 identification.
	Secret uint16
	// Slots is how many probes are kept track of at a time: a power of two
	// of at most 65,536, or 0 for 4,096. A probe is forgotten when another
	// is sent whose identifier agrees in the low bits.
	Slots uint32
	// RingBytes is the size of the ring buffer that answers wait in: a
	// power of two and a multiple of the page size, or 0 for 1 MiB, which
	// holds some 800 of the longest answers and several thousand usual ones.
	RingBytes uint32
	// Stamps says how near to the wire packets are stamped.
	Stamps Stamps
}

// Stamps is a choice of timestamps.
type Stamps uint8

const (
	// Refined takes the nearest to the wire that kernel and capabilities
	// allow, and those of tcx besides. Session.Timing tells which these are.
	Refined Stamps = iota
	// TCXOnly takes none but those of tcx, so needs no CAP_PERFMON, adds no
	// program to other packets' way, and has no host-wide effect.
	TCXOnly
)

// withDefaults returns the options with zero sizes filled in.
func (o Options) withDefaults() Options {
	if o.Slots == 0 {
		o.Slots = defaultSlots
	}
	o.Ports = max(o.Ports, 1)
	if o.RingBytes == 0 {
		o.RingBytes = defaultRingBytes
	}
	return o
}

// check reports the first option that cannot be.
func (o Options) check() error {
	page := uint32(os.Getpagesize())
	switch {
	case o.Interface <= 0:
		return fmt.Errorf("interface index %d: must be positive", o.Interface)
	case o.Hooks != "" && attachers[o.Hooks] == nil:
		return fmt.Errorf("hooks %q: there are %s and %s", o.Hooks, TCX, Clsact)
	case int(o.Port)+int(o.Ports)-1 > math.MaxUint16:
		return fmt.Errorf("%d ports from %d on: there is none above %d", o.Ports, o.Port, math.MaxUint16)
	case bits.OnesCount32(o.Slots) != 1 || o.Slots > maxSlots:
		return fmt.Errorf("%d slots: must be a power of two up to %d", o.Slots, maxSlots)
	case bits.OnesCount32(o.RingBytes) != 1 || o.RingBytes < page:
		return fmt.Errorf("ring of %d bytes: must be a power of two from the page size %d on", o.RingBytes, page)
	}
	return nil
}
