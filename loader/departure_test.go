package loader

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// A probe's stamps can be asked for whether it is answered or not, until its slot is
// given to another; nothing is known of one that was never sent.
func TestDeparture(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		tr := n.traceWith(t, probe.UDP{}, false, Options{Port: 40070, Slots: 64})
		answer, _ := tr.send(t, 7)
		got := tr.Departure(7)
		want := stamp.Set{stamp.TCXEgress: answer.Stamps[stamp.TCXEgress], stamp.DriverStart: answer.Stamps[stamp.DriverStart]}
		if got != want || got[stamp.TCXEgress] == 0 {
			t.Errorf("left at %v, want %v", got, want)
		}
		if got := tr.Departure(8); got != (stamp.Set{}) {
			t.Errorf("what was never sent left at %v", got)
		}
		tr.probe(t, 7+64)
		if _, err := tr.Next(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if got := tr.Departure(7); got != (stamp.Set{}) || tr.Departure(7 + 64)[stamp.TCXEgress] == 0 {
			t.Errorf("left at %v, in a slot that was given away", got)
		}
		must(t, tr.Close())
		if got := tr.Departure(7 + 64); got != (stamp.Set{}) {
			t.Errorf("%v of a closed session", got)
		}
	})
}
