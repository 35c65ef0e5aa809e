package middlebox_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// trace traces through a scenario with probes as its truth wants them.
func trace(t *testing.T, s *sim.Scenario, p probe.Protocol, ipv6 bool) *tracer.Trace {
	t.Helper()
	f := simtest.Flow(s, p, ipv6)
	f.TrafficClass, f.DontFragment = s.Truth.TOS, s.Truth.DontFragment
	net := simtest.Link(s, 1, f)
	got, err := tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: p}, net, net)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// everyWay runs a test for both families and every protocol that the truth holds
// for, in virtual time.
func everyWay(t *testing.T, s *sim.Scenario, test func(t *testing.T, p probe.Protocol, ipv6 bool)) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			if s.Truth.Holds(p.Name()) {
				family := map[bool]string{false: "4", true: "6"}[ipv6]
				t.Run(p.Name()+family, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { test(t, p, ipv6) })
				})
			}
		}
	}
}

func load(t *testing.T, name string) *sim.Scenario {
	t.Helper()
	s := simtest.Load(t, name)
	return s
}

// In every scenario exactly those boxes are found that its truth tells of; in most
// there are none.
func TestScenarios(t *testing.T) {
	for _, name := range sim.Names() {
		t.Run(name, func(t *testing.T) {
			s := load(t, name)
			everyWay(t, s, func(t *testing.T, p probe.Protocol, ipv6 bool) {
				r := middlebox.Analyze(trace(t, s, p, ipv6))
				place := func(name string) middlebox.Hop { return hop(t, s, name, ipv6) }
				checkChanges(t, s.Truth.Changes, r.Changes, place, func(o sim.Only) bool { return o.Holds(p.Name(), ipv6) })
				checkNATs(t, s.Truth.NATs, r.NATs, place, func(o sim.Only) bool { return o.Holds(p.Name(), ipv6) })
				checkRepeats(t, s.Truth.Repeats, r.Repeats)
			})
		})
	}
}

// hop returns the first place where a node answers.
func hop(t *testing.T, s *sim.Scenario, name string, ipv6 bool) middlebox.Hop {
	t.Helper()
	for i, h := range s.Truth.Hops {
		if slices.Contains(h.Nodes, name) {
			return middlebox.Hop{TTL: i + 1, Addr: s.Addresses(i+1, ipv6)[0]}
		}
	}
	if name != "" {
		t.Fatalf("%s is at no hop of the truth", name)
	}
	return middlebox.Hop{}
}

func checkChanges(t *testing.T, truth []sim.TruthChange, got []middlebox.Change, place func(string) middlebox.Hop, holds func(sim.Only) bool) {
	t.Helper()
	truth = slices.DeleteFunc(slices.Clone(truth), func(c sim.TruthChange) bool { return !holds(c.Only) })
	if len(truth) != len(got) {
		t.Fatalf("%d changes, want %d:\n%+v\n%+v", len(got), len(truth), got, truth)
	}
	for i, want := range truth {
		c := got[i]
		if string(c.Field) != want.Field || c.After != place(want.After) || c.Before != place(want.Before) || c.Restored != want.Restored {
			t.Errorf("%+v, want %+v", c, want)
		}
		if want.From != "" && want.From != c.From || want.To != "" && want.To != c.To || c.From == c.To {
			t.Errorf("%s from %q to %q, want %q and %q", c.Field, c.From, c.To, want.From, want.To)
		}
		if c.Probes != c.Of || c.Of < 1 {
			t.Errorf("%s: shown by %d of %d probes", c.Field, c.Probes, c.Of)
		}
	}
}

func checkNATs(t *testing.T, truth []sim.TruthNAT, got []middlebox.NAT, place func(string) middlebox.Hop, holds func(sim.Only) bool) {
	t.Helper()
	truth = slices.DeleteFunc(slices.Clone(truth), func(n sim.TruthNAT) bool { return !holds(n.Only) })
	if len(truth) != len(got) {
		t.Fatalf("%d translators, want %d: %+v", len(got), len(truth), got)
	}
	for i, want := range truth {
		if n := got[i]; n.After != place(want.After) || n.Before != place(want.Before) {
			t.Errorf("%+v, want %+v", n, want)
		}
	}
}

func checkRepeats(t *testing.T, truth []sim.TruthRepeat, got []middlebox.Repeat) {
	t.Helper()
	if len(truth) != len(got) {
		t.Fatalf("%d repeats, want %d: %+v", len(got), len(truth), got)
	}
	for i, want := range truth {
		r := got[i]
		if r.First.TTL != want.First || r.Last.TTL != want.Last || string(r.Verdict) != want.Verdict {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
}
