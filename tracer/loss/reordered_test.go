package loss

import (
	"math/rand/v2"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// The count is that of comparing each probe with each other.
func TestOvertaken(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	some := 0
	for range 300 {
		probes := make([]tracer.Probe, r.IntN(40))
		for i := range probes {
			p := &probes[i]
			p.Flow, p.Timing, p.State = r.IntN(2), stamp.Timings[r.IntN(2)], []tracer.State{tracer.Answered, tracer.Lost, tracer.Late}[r.IntN(3)]
			p.Stamps[p.Timing.Send] = stamp.Mono(1 + r.IntN(30))
			p.Stamps[p.Timing.Receive] = p.Stamps[p.Timing.Send] + stamp.Mono(r.IntN(10))
		}
		want := 0
		for i := range probes {
			for j := range probes {
				if overtakes(&probes[j], &probes[i]) {
					want++
					break
				}
			}
		}
		some += want
		if got := overtaken(probes); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	}
	if some == 0 {
		t.Error("none was overtaken")
	}
}

func overtakes(a, b *tracer.Probe) bool {
	if !a.State.Heard() || !b.State.Heard() || a.Flow != b.Flow || a.Timing != b.Timing {
		return false
	}
	send, receive := a.Timing.Send, a.Timing.Receive
	return a.Stamps[send] > b.Stamps[send] && a.Stamps[receive] < b.Stamps[receive]
}
