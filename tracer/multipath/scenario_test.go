package multipath

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// raced says that this is built with the race detector, which takes ten times as long.
var raced bool

// share returns how many runs there are to be, and how many of them have to find all.
func share() (runs uint64, enough int) {
	if raced || testing.Short() {
		return 20, 19
	}
	return 100, 95
}

// TestEveryLink traces each scenario a hundred times, by all protocols over both
// families, with balancers that choose differently each time, and holds what was
// found against the truth in its file.
func TestEveryLink(t *testing.T) {
	for _, name := range sim.MultipathNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) { everyLink(t, name, Config{}) })
		})
	}
}

// TestEveryLinkByMDA does it without MDA-Lite, where that has spared something.
func TestEveryLinkByMDA(t *testing.T) {
	for _, name := range []string{"diamond_4", "diamond_16", "diamond_crossed", "diamond_lossy"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) { everyLink(t, name, Config{Full: true}) })
		})
	}
}

func everyLink(t *testing.T, name string, cfg Config) {
	s := load(t, name)
	if name == "diamond_per_destination" {
		cfg.Destinations = 60
	}
	complete, all := 0, ways()
	runs, enough := share()
	first := 1000 * uint64(slices.Index(sim.MultipathNames(), name))
	for seed := first; seed < first+runs; seed++ {
		tr := trace(t, s, all[int(seed)%len(all)], seed, cfg)
		lacking := missed(truth(s, loopEnd(tr)), tr.found(true))
		if lacking = append(lacking, tr.wrongBalance()...); len(lacking) == 0 {
			complete++
			tr.checkWhole(t, seed)
		} else {
			t.Logf("seed %d, %v: lacks %v", seed, all[int(seed)%len(all)], lacking)
		}
		if wrong := missed(tr.found(false), truth(s, 30)); len(wrong) > 0 {
			t.Errorf("seed %d: links that are none: %v", seed, wrong)
		}
		checkBooks(t, tr)
	}
	if complete < enough {
		t.Errorf("all found in %d of %d runs, want %d", complete, runs, enough)
	}
}

// loopEnd returns the TTL up to which links are to be found: where the way goes in
// circles, the second round is enough.
func loopEnd(tr traced) int {
	for _, d := range tr.Doubts {
		if d.Why == Looped {
			return d.Hop
		}
	}
	return 30
}

// wrongBalance returns the nodes that do not choose as their scenario has it.
func (tr traced) wrongBalance() (wrong []string) {
	kinds := map[sim.Balance]Balance{
		"": BalanceFlow, sim.PerFlow: BalanceFlow, sim.PerPacket: BalancePacket,
		sim.AtRandom: BalancePacket, sim.PerDestination: BalanceDestination,
	}
	for _, n := range tr.Nodes {
		for _, of := range tr.scenario.Nodes {
			want := BalanceNone
			if len(of.Next) > 1 {
				want = kinds[of.Balance]
			}
			if (n.Addr == of.V4 || n.Addr == of.V6) && n.Balance != want {
				wrong = append(wrong, fmt.Sprintf("%d: %s balances by %v, not %v", n.Hop, of.Name, want, n.Balance))
			}
		}
	}
	return wrong
}

// checkWhole checks a graph that was found whole.
func (tr traced) checkWhole(t *testing.T, seed uint64) {
	t.Helper()
	if tr.Confidence < tr.Wanted || tr.Stop.String() != tr.scenario.Truth.Stop {
		t.Errorf("seed %d: confidence %v, stopped with %v, doubts %v", seed, tr.Confidence, tr.Stop, tr.Doubts)
	}
	if want := tr.scenario.Truth.Diamonds; len(want) > 0 && !slices.Equal(tr.shapes(), want) {
		t.Errorf("seed %d: diamonds %+v, want %+v", seed, tr.shapes(), want)
	}
	for _, n := range tr.Nodes[1:] {
		if int(n.RTT.Count()) != n.Answered || n.Star() != (n.Answered == 0) || n.Answered > n.Probes {
			t.Errorf("seed %d: %d probes, %d answers, %d times at %v", seed, n.Probes, n.Answered, n.RTT.Count(), n.Addr)
		}
	}
}

// shapes returns the diamonds as scenario files tell them. Where links are not sure,
// so are meshes.
func (tr traced) shapes() (all []sim.TruthDiamond) {
	names := map[string]string{}
	for _, n := range tr.scenario.Nodes {
		names[n.V4.String()], names[n.V6.String()] = n.Name, n.Name
	}
	for _, d := range tr.Diamonds {
		shape := sim.TruthDiamond{
			From: names[tr.Nodes[d.From].Addr.String()], Width: d.Width, Length: d.Length,
			Meshed: d.Meshed, Uneven: d.Uneven,
		}
		if d.To >= 0 {
			shape.To = names[tr.Nodes[d.To].Addr.String()]
		}
		if slices.ContainsFunc(tr.Doubts, func(d Doubt) bool { return d.Why == Loose }) {
			shape.Meshed = false
		}
		all = append(all, shape)
	}
	return all
}

// The scenarios hold diamonds of all the kinds that have to be found whole.
func TestKindsOfDiamonds(t *testing.T) {
	widths, meshed, uneven, nested := map[int]bool{}, false, false, false
	for _, name := range sim.MultipathNames() {
		s := load(t, name)
		forks := 0
		for _, n := range s.Nodes {
			if len(n.Next) > 1 {
				forks++
			}
		}
		for _, d := range s.Truth.Diamonds {
			widths[d.Width] = true
			meshed, uneven = meshed || d.Meshed, uneven || d.Uneven
			nested = nested || len(s.Truth.Diamonds) == 1 && forks > 1 && !d.Meshed
		}
	}
	if !widths[2] || !widths[4] || !widths[16] || !widths[64] || !meshed || !uneven || !nested {
		t.Errorf("widths %v, meshed %v, uneven %v, nested %v", widths, meshed, uneven, nested)
	}
}
