package cli_test

import (
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// Through each simulated network of many paths, on real packets, --multipath finds the
// links that the scenario tells; protocols and families take turns. That it does so in
// 95 of 100 runs, whatever balancers choose, is for package multipath to show.
func TestMultipathScenarios(t *testing.T) {
	needsRoot(t)
	for i, name := range sim.MultipathNames() {
		if name == "diamond_linux" || name == "diamond_rate_limited" {
			continue // at this confidence, routers that answer once a second take a minute
		}
		way := ways[i%len(ways)]
		t.Run(name+" "+way.name, func(t *testing.T) {
			t.Parallel() // some wait for silence most of the time
			s := simtest.Load(t, name)
			front, err := lab.Simulated(t.Context(), s, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer front.Close()
			flags := way.flags
			if name == "diamond_per_destination" {
				flags += " --destinations 253"
			}
			got := within(t, front.Lab, ebpftrace(flags, "--multipath", certainly, "--json", "-n", "target.lab")...)
			d := got.multipath(t)
			if d.Reached != s.Truth.Reached || d.Stop != s.Truth.Stop || got.stderr != "" {
				t.Errorf("stopped with %s, want %s\n%s", d.Stop, s.Truth.Stop, got.stderr)
			}
			if reached := got.status == cli.ExitReached; reached != d.Reached || !reached && got.status != cli.ExitNotReached {
				t.Errorf("status %d, reached %v", got.status, d.Reached)
			}
			d.checkLinks(t, s, strings.Contains(way.flags, "-6"))
		})
	}
}

// checkLinks holds links between nodes that answer against the truth: all of that are
// there, and no other is sure.
func (d multipathDocument) checkLinks(t *testing.T, s *sim.Scenario, ipv6 bool) {
	t.Helper()
	want, found, sure := toldLinks(s, ipv6), map[hopLink]bool{}, map[hopLink]bool{}
	for _, l := range d.Links {
		link := hopLink{0, d.Nodes[l.From].Address, d.Nodes[l.To].Address}
		if l.From > 0 && link.from != "" && link.to != "" {
			found[link] = true
			sure[link] = sure[link] || l.Sure
		}
	}
	for l := range want {
		if !found[l] {
			t.Errorf("lacks %s", l)
		}
	}
	for l, is := range sure {
		if is && !want[l] {
			t.Errorf("has %s, which is none", l)
		}
	}
}

// toldLinks returns the links of the truth between nodes that answer.
func toldLinks(s *sim.Scenario, ipv6 bool) map[hopLink]bool {
	names := map[string]string{}
	for _, n := range s.Nodes {
		switch {
		case n.Silent:
		case ipv6:
			names[n.Name] = n.V6.String()
		default:
			names[n.Name] = n.V4.String()
		}
	}
	all := map[hopLink]bool{}
	for _, l := range s.Truth.Links {
		if names[l[0]] != "" && names[l[1]] != "" {
			all[hopLink{0, names[l[0]], names[l[1]]}] = true
		}
	}
	return all
}
