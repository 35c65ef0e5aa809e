package loss_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// network is a simulated network and the flow through it.
func network(t *testing.T, name string, seed uint64, p probe.Protocol, ipv6 bool) (*sim.Scenario, *sim.Link, tracer.Config) {
	t.Helper()
	s := simtest.Load(t, name)
	f := simtest.Flow(s, p, ipv6)
	link := simtest.Link(s, seed, f)
	return s, link, tracer.Config{Flow: f, Protocol: p}
}

// judge judges a trace, and what was sent after it if measured is set.
func judge(t *testing.T, name string, seed uint64, queries int, measured bool) (*sim.Scenario, loss.Report) {
	t.Helper()
	s, link, cfg := network(t, name, seed, probe.UDP{}, false)
	cfg.Queries = queries
	tr, err := tracer.Run(t.Context(), cfg, link, link)
	if err == nil && measured {
		err = loss.Measure(t.Context(), cfg, tr, link, link)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, loss.Of(tr)
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

// least is how often of 50 times each truth of a scenario is found, at the least.
var least = map[string]int{
	"loss_forward": 40, "loss_first": 40, "loss_twice": 30, "loss_limited": 50, "loss_burst": 50, "loss_limited_all": 45,
	"loss_limited_target": 45, "loss_answers": 40, "loss_target": 40, "loss_mixed": 40,
}

// finds reports whether a verdict is the one that the truth has.
func finds(r loss.Report, t sim.TruthVerdict) bool {
	return slices.ContainsFunc(r.Verdicts, func(v loss.Verdict) bool {
		return v.Kind.String() == t.Verdict && agrees([]sim.TruthVerdict{t}, v)
	})
}

// No scenario is judged wrongly more often than the stated confidence allows: of
// 200 paths, 10 in the mean; more than 20 would be chance once in a thousand times.
func TestWrongVerdicts(t *testing.T) {
	for _, name := range sim.LossNames() {
		for _, queries := range []int{3, 10, 20} {
			t.Run(fmt.Sprintf("%s/%d", name, queries), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { count(t, name, 200, queries, false, 20) })
			})
		}
	}
}

// Where more probes are sent, all that is true of a path is found nearly always. Of
// 50 paths, 2.5 may be judged wrongly in the mean; more than 8 would be chance.
func TestMeasured(t *testing.T) {
	for _, name := range sim.LossNames() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for truth, n := range count(t, name, 50, 3, true, 8) {
					if n < least[name] {
						t.Errorf("%+v found in %d of 50, want at least %d", truth, n, least[name])
					}
				}
			})
		})
	}
}

// count judges so many paths, and returns how often each truth was found.
func count(t *testing.T, name string, seeds uint64, queries int, measured bool, most int) map[sim.TruthVerdict]int {
	t.Helper()
	wrong, found := 0, map[sim.TruthVerdict]int{}
	for seed := range seeds {
		s, r := judge(t, name, seed, queries, measured)
		if i := slices.IndexFunc(r.Verdicts, func(v loss.Verdict) bool { return !agrees(s.Truth.Verdicts, v) }); i >= 0 {
			wrong++
			t.Logf("seed %d: wrong: %v: %+v", seed, r.Verdicts[i].Kind, r.Verdicts[i])
		}
		for _, truth := range s.Truth.Verdicts {
			found[truth] += 0
			if finds(r, truth) {
				found[truth]++
			}
		}
	}
	t.Logf("%d of %d wrong, found %v", wrong, seeds, found)
	if wrong > most {
		t.Errorf("%d of %d judged wrongly, want at most %d", wrong, seeds, most)
	}
	return found
}
