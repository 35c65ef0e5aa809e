package datagram_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// Each router and the target answer each probe, and all stamps are in order.
func TestTracesChain(t *testing.T) {
	l := chain(t, 4)
	everyWay(t, true, func(t *testing.T, w way) {
		got := trace(t, l, w, tracer.Config{})
		if !got.Reached() || len(got.Hops) != 5 || !w.poor() && got.gaps != (socket.Gaps{}) {
			t.Fatalf("reached %v in %d hops, want 5; %+v", got.Reached(), len(got.Hops), got.gaps)
		}
		for i, hop := range got.Hops {
			for _, p := range hop.Probes {
				if from := w.address(l.Nodes()[i+1]); p.State != tracer.Answered || p.Answer.From != from {
					t.Errorf("hop %d: %v by %v, want it answered by %v", hop.TTL, p.State, p.Answer.From, from)
				}
				if want := uint8(64 - i); p.Answer.TTL != want {
					t.Errorf("hop %d: the answer's TTL is %d, want %d", hop.TTL, p.Answer.TTL, want)
				}
				checkStamps(t, w, p)
			}
		}
		c := got.Counters
		if c.Probes != uint64(got.Tally.Sent) || c.Unmatched+c.Malformed+c.Overflow+c.Duplicates != 0 {
			t.Errorf("counted %+v of %d probes", c, got.Tally.Sent)
		}
		if got.timing != got.Hops[0].Probes[0].Timing.Name {
			t.Errorf("timing %q was promised, %q came", got.timing, got.Hops[0].Probes[0].Timing.Name)
		}
	})
}
