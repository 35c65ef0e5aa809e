package loader

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func TestAnswersOnTheWire(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		for _, protocol := range probe.Protocols {
			for _, ipv6 := range []bool{false, true} {
				tr := n.trace(t, protocol, ipv6, 40000)
				tr.sendAll(t, fmt.Sprintf("%s over IPv6 %v", protocol.Name(), ipv6), 100)
				must(t, tr.Close())
			}
		}
	})
}

// sendAll sends probes, and checks all that is to be known of their answers.
func (tr *trace) sendAll(t *testing.T, name string, probes uint16) {
	t.Helper()
	for ident := range probes {
		ident += 100
		answer, before := tr.send(t, ident)
		checkStamps(t, name, before, answer.Stamps)
		if answer.Ident != ident || answer.Duplicate || answer.Rewritten || answer.Unidentified {
			t.Fatalf("%s: answer to %d is %+v", name, ident, answer)
		}
		if answer.Length < 40 || len(answer.Packet) != answer.Length {
			t.Fatalf("%s: %d bytes of %d", name, len(answer.Packet), answer.Length)
		}
	}
	checkCounters(t, tr, tracer.Counters{Probes: uint64(probes), Answers: uint64(probes)})
}

// Neither of two traces on one interface takes the other's probes or answers.
func TestTracesDontMix(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		ours, theirs := n.trace(t, probe.UDP{}, false, 40001), n.trace(t, probe.UDP{}, false, 40002)
		ours.send(t, 7)
		checkCounters(t, ours, tracer.Counters{Probes: 1, Answers: 1})
		checkCounters(t, theirs, tracer.Counters{Foreign: 1})
		if _, err := theirs.Next(time.Now()); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the other trace got error %v", err)
		}
	})
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
		tr.probe(t, ident+1)
	}
	tr.await(t, probes)
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

// await waits until the session has handed on that many answers.
func (tr *trace) await(t *testing.T, answers uint64) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		counters, err := tr.Counters()
		must(t, err)
		if counters.Answers >= answers {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d answers were not to be had: %+v", answers, counters)
		}
	}
}
