package loss_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

var client = map[bool]netip.Addr{
	false: netip.MustParseAddr("198.19.255.1"), true: netip.MustParseAddr("2001:db8:ffff::1"),
}

// network is a simulated network and the flow through it.
func network(t *testing.T, name string, seed uint64, p probe.Protocol, ipv6 bool) (*sim.Scenario, *sim.Link, tracer.Config) {
	t.Helper()
	s, err := sim.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	f := probe.Flow{
		Source: client[ipv6], Target: s.TargetAddr(ipv6), SourcePort: 45000,
		TargetPort: p.DefaultPort(), FlowLabel: 0x12345, Secret: 0xbeef,
	}
	link := sim.NewLink(sim.New(s, seed), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort})
	return s, link, tracer.Config{Flow: f, Protocol: p}
}

// passive judges a plain trace.
func passive(t *testing.T, name string, seed uint64, queries int) (*sim.Scenario, loss.Report) {
	t.Helper()
	s, link, cfg := network(t, name, seed, probe.UDP{}, false)
	cfg.Queries = queries
	tr, err := tracer.Run(t.Context(), cfg, link, link)
	if err != nil {
		t.Fatal(err)
	}
	return s, loss.Judge(loss.Phase{Hops: tr.Hops})
}

// agrees reports whether the truth allows a verdict. What is not decided never
// contradicts it, unless nothing at all is lost there.
func agrees(truth []sim.TruthVerdict, v loss.Verdict) bool {
	return slices.ContainsFunc(truth, func(t sim.TruthVerdict) bool {
		switch v.Kind {
		case loss.Loss:
			return t.Verdict == "loss" && v.First <= t.Hop && t.Hop <= v.Last
		case loss.Answers:
			return t.Hop == v.TTL && (t.Verdict == "answers" || t.Verdict == "limits")
		case loss.Unclear:
			return t.Hop >= v.First && t.Verdict != "silent"
		case loss.Few:
			return true
		}
		return t.Hop == v.TTL && t.Verdict == v.Kind.String()
	})
}

// finds reports whether a verdict is the one that the truth has.
func finds(r loss.Report, t sim.TruthVerdict) bool {
	return slices.ContainsFunc(r.Verdicts, func(v loss.Verdict) bool {
		return v.Kind.String() == t.Verdict && agrees([]sim.TruthVerdict{t}, v)
	})
}

const seeds = 200

// No scenario is judged wrongly more often than the stated confidence allows: of
// 200 paths, 10 in the mean; more than 20 would be chance once in a thousand times.
func TestWrongVerdicts(t *testing.T) {
	for _, name := range sim.LossNames() {
		for _, queries := range []int{3, 10, 20} {
			t.Run(fmt.Sprintf("%s/%d", name, queries), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { countWrong(t, name, queries) })
			})
		}
	}
}

func countWrong(t *testing.T, name string, queries int) {
	wrong, last := 0, loss.Verdict{}
	found := map[sim.TruthVerdict]int{}
	for seed := range uint64(seeds) {
		s, r := passive(t, name, seed, queries)
		if len(s.Truth.Changes) > 0 {
			return
		}
		i := slices.IndexFunc(r.Verdicts, func(v loss.Verdict) bool { return !agrees(s.Truth.Verdicts, v) })
		if i >= 0 {
			wrong, last = wrong+1, r.Verdicts[i]
		}
		for _, truth := range s.Truth.Verdicts {
			if finds(r, truth) {
				found[truth]++
			}
		}
	}
	t.Logf("wrong %d, found %v", wrong, found)
	if wrong > 2*seeds*loss.Alpha {
		t.Errorf("%d of %d judged wrongly, the last as %v: %+v", wrong, seeds, last.Kind, last)
	}
}
