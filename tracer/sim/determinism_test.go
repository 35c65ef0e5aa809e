package sim

import (
	"fmt"
	"testing"
	"time"
)

// recordRun returns all that a scenario answers to a fixed run of probes.
func recordRun(t *testing.T, name string, seed uint64) string {
	t.Helper()
	s, err := Load(name)
	must(t, err)
	n := New(s, seed)
	all := ""
	for i := range 120 {
		p := testProbe{ipv6: i%2 == 1, protocol: protocols[i%3], ttl: uint8(i/6 + 1), ident: uint16(i)}
		all += fmt.Sprintln(n.Handle(start.Add(time.Duration(i)*time.Millisecond), p.bytes(t)))
	}
	return all + fmt.Sprint(n.Counters())
}

func TestSeedDetermines(t *testing.T) {
	for _, name := range Names() {
		if first := recordRun(t, name, 1); first != recordRun(t, name, 1) {
			t.Errorf("%s: two runs with one seed differ", name)
		}
	}
	for _, name := range []string{"lossy", "clean_long"} {
		if recordRun(t, name, 1) == recordRun(t, name, 2) {
			t.Errorf("%s: runs with two seeds are alike", name)
		}
	}
}

// TestCountersAddUp: every packet is answered or dropped for a reason.
func TestCountersAddUp(t *testing.T) {
	for _, name := range Names() {
		s, err := Load(name)
		must(t, err)
		n := New(s, 1)
		for i := range 200 {
			answers := n.Counters().Answers
			dropped := total(n)
			got := n.Handle(start, testProbe{ttl: uint8(i/20 + 1), ident: uint16(i)}.bytes(t))
			if n.Counters().Answers-answers != uint64(len(got)) || len(got) == 0 && total(n) != dropped+1 {
				t.Fatalf("%s: %d answers, counters %+v", name, len(got), n.Counters())
			}
		}
		if n.Counters().Packets != 200 {
			t.Errorf("%s: %d packets counted, want 200", name, n.Counters().Packets)
		}
	}
}

func total(n *Network) (sum uint64) {
	for _, times := range n.Counters().Dropped {
		sum += times
	}
	return sum
}

func TestHandleKeepsNoPacket(t *testing.T) {
	n := chain(t, "[node.nat]\nv4 = '203.0.113.200'", "")
	b := testProbe{ttl: 3}.bytes(t)
	before := string(b)
	d := n.Handle(start, b)
	if string(b) != before {
		t.Error("the packet was changed")
	}
	answer := string(d[0].Packet)
	clear(b)
	if string(d[0].Packet) != answer {
		t.Error("the answer shares memory with the packet")
	}
}
