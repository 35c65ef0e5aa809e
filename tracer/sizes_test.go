package tracer_test

import (
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// TestSizes sends each hop the lengths asked for, in order, and tells what was sent.
func TestSizes(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		sizes := []int{300, 90, 1200, 90}
		got := trace(t, simtest.Load(t, "clean"), p, ipv6, tracer.Config{Sizes: sizes, Queries: 7, MaxTTL: 3})
		for _, h := range got.Hops {
			var sent []int
			for _, q := range h.Probes {
				packet, err := got.Packet(q)
				if err != nil || len(packet) != q.Size {
					t.Errorf("hop %d: a packet of %d bytes, %v, for a probe of %d", h.TTL, len(packet), err, q.Size)
				}
				if quoted := q.Answer.Quote; quoted == nil || quoted.Length != q.Size {
					t.Errorf("hop %d: %+v was quoted of a probe of %d", h.TTL, quoted, q.Size)
				}
				sent = append(sent, q.Size)
			}
			if !slices.Equal(sent, sizes) {
				t.Errorf("hop %d: sent %v, want %v", h.TTL, sent, sizes)
			}
		}
		if len(got.Hops) != 3 {
			t.Errorf("%d hops, want 3", len(got.Hops))
		}
	})
}
