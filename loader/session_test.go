package loader

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

const patience = 2 * time.Second

// send sends a probe and returns the answer to it.
func (tr *trace) send(t *testing.T, ident uint16) (tracer.Answer, stamp.Mono) {
	t.Helper()
	packet, err := tr.protocol.Marshal(tr.flow, 9, ident)
	must(t, err)
	before, err := tr.socket.Send(packet)
	must(t, err)
	answer, err := tr.Next(time.Now().Add(patience))
	if err != nil {
		counters, _ := tr.Counters()
		t.Fatalf("no answer to %s probe %d from %v: %v; %+v", tr.protocol.Name(), ident, tr.flow.Source, err, counters)
	}
	return answer, before
}

func TestAnswersOnTheWire(t *testing.T) {
	n := newNetwork(t)
	for _, protocol := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			name := fmt.Sprintf("%s over IPv6 %v", protocol.Name(), ipv6)
			tr := n.trace(t, protocol, ipv6, 40000)
			for ident := uint16(100); ident < 200; ident++ {
				answer, before := tr.send(t, ident)
				checkStamps(t, name, before, answer.Stamps)
				if answer.Ident != ident || answer.Duplicate || answer.Rewritten || answer.Unidentified {
					t.Fatalf("%s: answer to %d is %+v", name, ident, answer)
				}
				if answer.Length < 40 || len(answer.Packet) != answer.Length {
					t.Fatalf("%s: %d bytes of %d", name, len(answer.Packet), answer.Length)
				}
			}
			checkCounters(t, tr, tracer.Counters{Probes: 100, Answers: 100})
			must(t, tr.Close())
		}
	}
}

func checkStamps(t *testing.T, name string, before stamp.Mono, s stamp.Set) {
	t.Helper()
	after, err := socket.Now()
	must(t, err)
	order := []stamp.Mono{
		before, s[stamp.TCXEgress], s[stamp.DriverStart], s[stamp.Receive], s[stamp.TCXIngress], after,
	}
	for i := range order[1:] {
		if order[i] >= order[i+1] {
			t.Fatalf("%s: stamps %v are out of order", name, order)
		}
	}
}

func checkCounters(t *testing.T, tr *trace, want tracer.Counters) {
	t.Helper()
	got, err := tr.Counters()
	must(t, err)
	if got != want {
		t.Errorf("counters are %+v, want %+v", got, want)
	}
}

// Neither of two traces on one interface takes the other's probes or answers.
func TestTracesDontMix(t *testing.T) {
	n := newNetwork(t)
	ours, theirs := n.trace(t, probe.UDP{}, false, 40001), n.trace(t, probe.UDP{}, false, 40002)
	ours.send(t, 7)
	checkCounters(t, ours, tracer.Counters{Probes: 1, Answers: 1})
	checkCounters(t, theirs, tracer.Counters{Unmatched: 1})
	if _, err := theirs.Next(time.Now()); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the other trace got error %v", err)
	}
}

func TestNextKeepsDeadline(t *testing.T) {
	tr := newNetwork(t).trace(t, probe.ICMP{}, false, 40003)
	for _, wait := range []time.Duration{-time.Hour, 0, 12 * time.Millisecond} {
		start := time.Now()
		_, err := tr.Next(start.Add(wait))
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took < wait || took > max(wait, 0)+patience {
			t.Errorf("waiting for %v took %v and gave %v", wait, took, err)
		}
	}
}

// With a deadline in the past, Next gives what is there, all of it.
func TestNextDrains(t *testing.T) {
	tr := newNetwork(t).trace(t, probe.ICMP{}, false, 40004)
	const probes = 20
	for ident := range uint16(probes) {
		packet, err := tr.protocol.Marshal(tr.flow, 9, ident+1)
		must(t, err)
		_, err = tr.socket.Send(packet)
		must(t, err)
	}
	time.Sleep(100 * time.Millisecond)
	for ident := range uint16(probes) {
		answer, err := tr.Next(time.Time{})
		must(t, err)
		if answer.Ident != ident+1 {
			t.Errorf("answer %d names probe %d", ident+1, answer.Ident)
		}
	}
	if _, err := tr.Next(time.Time{}); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("an empty ring gave %v", err)
	}
}
