package loss_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// What is sent is bounded in number and time, of every protocol and family: no hop
// gets more than was said, and no identifier is used twice.
func TestMeasureBounded(t *testing.T) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) { measureBounded(t, p, ipv6) })
		}
	}
}

func measureBounded(t *testing.T, p probe.Protocol, ipv6 bool) {
	_, link, cfg := network(t, "loss_mixed", 1, p, ipv6)
	tr, err := tracer.Run(t.Context(), cfg, link, link)
	if err != nil {
		t.Fatal(err)
	}
	before, idents := tr.Tally.Sent, map[uint16]bool{}
	began := time.Now()
	if err := loss.Measure(t.Context(), cfg, tr, link, link); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 6*time.Second || took > 14*time.Second {
		t.Errorf("%s: took %v", p.Name(), took)
	}
	most, sent, hops := map[int]int{}, 0, tr.Hops
	for _, r := range tr.Rounds {
		for _, h := range r.Hops {
			most[h.TTL] += len(h.Probes)
			sent += len(h.Probes)
		}
		hops = append(hops, r.Hops...)
	}
	for _, h := range hops {
		for _, probe := range h.Probes {
			if idents[probe.Ident] {
				t.Fatalf("%s: identifier %d twice", p.Name(), probe.Ident)
			}
			idents[probe.Ident] = true
		}
	}
	for ttl := 1; ttl <= 6; ttl++ {
		if n := most[ttl]; n > loss.Probes || n < loss.Probes/2 {
			t.Errorf("%s: hop %d got %d probes, want up to %d", p.Name(), ttl, n, loss.Probes)
		}
	}
	if tr.Tally.Sent < before+sent || tr.Counters.Probes != uint64(tr.Tally.Sent) {
		t.Errorf("%s: %d sent, %d seen, %d shown", p.Name(), tr.Tally.Sent, tr.Counters.Probes, sent)
	}
}

// refusing is a sender that fails after some probes.
type refusing struct {
	*sim.Link
	left int
}

var errRefused = errors.New("refused")

func (r *refusing) Send(packet []byte) (stamp.Mono, error) {
	if r.left--; r.left < 0 {
		return 0, errRefused
	}
	return r.Link.Send(packet)
}

// However it ends, what was measured until then is there.
func TestMeasureEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, link, cfg := network(t, "loss_forward", 1, probe.UDP{}, false)
		tr, err := tracer.Run(t.Context(), cfg, link, link)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := loss.Measure(ctx, cfg, tr, link, link); err != nil || len(tr.Rounds) < 1 || len(tr.Rounds) > 4 {
			t.Errorf("%v after %d rounds, want some and no error", err, len(tr.Rounds))
		}
		tr.Rounds = nil
		if err := loss.Measure(t.Context(), cfg, tr, &refusing{link, 40}, link); !errors.Is(err, errRefused) || len(tr.Rounds) == 0 {
			t.Errorf("%v after %d rounds, want %v", err, len(tr.Rounds), errRefused)
		}
		if err := loss.Measure(t.Context(), cfg, &tracer.Trace{}, &refusing{link, 0}, link); err != nil {
			t.Errorf("%v where nobody answered", err)
		}
	})
}
