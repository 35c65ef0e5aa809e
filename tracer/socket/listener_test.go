package socket_test

import (
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// Each router and the target answer each probe, and all stamps are in order.
func TestListenerTracesChain(t *testing.T) {
	l := chain(t, 4)
	everyWay(t, func(t *testing.T, w way) {
		got, gaps := trace(t, l, w, nil)
		if !got.Reached() || len(got.Hops) != 5 || gaps != (socket.Gaps{}) {
			t.Fatalf("reached %v in %d hops, want 5; %+v", got.Reached(), len(got.Hops), gaps)
		}
		for i, hop := range got.Hops {
			for _, p := range hop.Probes {
				if from := w.address(l.Nodes()[i+1]); p.State != tracer.Answered || p.Answer.From != from {
					t.Errorf("hop %d: %v by %v, want it answered by %v", hop.TTL, p.State, p.Answer.From, from)
				}
				if want := uint8(64 - i); p.Answer.TTL != want {
					t.Errorf("hop %d: the answer's TTL is %d, want %d", hop.TTL, p.Answer.TTL, want)
				}
				check(t, w, p)
			}
		}
		c := got.Counters
		if c.Probes != uint64(got.Tally.Sent) || c.Unmatched+c.Malformed+c.Overflow+c.Duplicates != 0 {
			t.Errorf("counted %+v of %d probes", c, got.Tally.Sent)
		}
	})
}

// On loopback, the answer is there before the probe's sendto has returned.
func TestListenerTracesLoopback(t *testing.T) {
	isolate(t)
	everyWay(t, func(t *testing.T, w way) {
		isolate(t) // a subtest is a goroutine of its own
		target := loopback4
		if w.ipv6 {
			target = loopback6
		}
		listener, flow := open(t, w, target, nil)
		got, err := tracer.Run(t.Context(), tracer.Config{Flow: flow, Protocol: w.protocol}, listener, listener)
		if err != nil || !got.Reached() || len(got.Hops) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, p := range got.Hops[0].Probes {
			check(t, w, p)
		}
	})
}

func TestListenerFlagsDuplicates(t *testing.T) {
	f := front(t, "duplicates")
	everyWay(t, func(t *testing.T, w way) {
		got, _ := trace(t, f.Lab, w, nil)
		if !got.Reached() || got.Counters.Duplicates == 0 || got.Counters.Unmatched != 0 {
			t.Errorf("reached %v, counted %+v", got.Reached(), got.Counters)
		}
	})
}

func TestListenerRefusesStrangers(t *testing.T) {
	f := front(t, "spoofed")
	everyWay(t, func(t *testing.T, w way) {
		got, _ := trace(t, f.Lab, w, nil)
		if !got.Reached() || got.Counters.Foreign == 0 {
			t.Errorf("reached %v, counted %+v", got.Reached(), got.Counters)
		}
		for _, hop := range got.Hops {
			for _, p := range hop.Probes {
				if from := p.Answer.From; from == netip.MustParseAddr("198.18.66.6") {
					t.Errorf("hop %d: a stranger's answer was taken", hop.TTL)
				}
			}
		}
	})
}

func TestNextDeadlines(t *testing.T) {
	isolate(t)
	l, _ := open(t, way{probe.UDP{}, false, true}, loopback4, nil)
	for _, wait := range []time.Duration{-time.Hour, 0, 20 * time.Millisecond} {
		began := time.Now()
		if _, err := l.Next(began.Add(wait)); !os.IsTimeout(err) {
			t.Errorf("error %v, want the deadline's", err)
		}
		if took := time.Since(began); took < wait || took > max(wait, 0)+time.Second {
			t.Errorf("waited %v, want %v", took, wait)
		}
	}
}
