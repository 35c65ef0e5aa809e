package tracer_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// reusing is a source that hands on all packets in one piece of memory, as the eBPF
// session does.
type reusing struct {
	tracer.Source
	packet []byte
}

func (r *reusing) Next(deadline time.Time) (tracer.Answer, error) {
	a, err := r.Source.Next(deadline)
	r.packet = append(r.packet[:0], a.Packet...)
	a.Packet = r.packet
	return a, err
}

// What a finished trace has of each quote is of the packet that its probe was sent
// as, also when the source has long used the memory for another.
func TestQuotesAreKept(t *testing.T) {
	simtest.EveryWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
		s := simtest.Load(t, "clean")
		f := simtest.Flow(s, p, ipv6)
		net := simtest.Link(s, 1, f)
		tr, err := tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: p}, net, &reusing{Source: net})
		if err != nil || len(tr.Hops) != 6 {
			t.Fatalf("%d hops, %v", len(tr.Hops), err)
		}
		for _, h := range tr.Hops[:5] {
			for _, q := range h.Probes {
				checkQuoted(t, tr, q)
			}
		}
	})
}

func checkQuoted(t *testing.T, tr *tracer.Trace, q tracer.Probe) {
	t.Helper()
	sent, err := tr.Packet(q)
	if err != nil {
		t.Fatal(err)
	}
	header := 20
	if tr.Target.Is6() {
		header = 40
	}
	quoted := q.Answer.Quote.Transport
	if len(quoted) < 8 || !bytes.HasPrefix(sent[header:], quoted) {
		t.Errorf("TTL %d: % x quoted of\n% x", q.TTL, quoted, sent[header:])
	}
}
