package cli_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// Answers joined in the kernel show the boxes that the scenario's truth tells of,
// in number and place, by every protocol that it holds for.
func TestScenarioBoxes(t *testing.T) {
	needsRoot(t)
	for _, name := range []string{"clean", "remarked", "undone", "nat", "two_nats", "nat_visible", "nat_v6", "mss_clamp", "same_source", "zero_ttl"} {
		t.Run(name, func(t *testing.T) {
			everyPassage(t, name, checkBoxes)
		})
	}
}

func checkBoxes(t *testing.T, s passage) {
	t.Helper()
	argv := ebpftrace(s.flags, "--json", "-n", "-t", strconv.Itoa(int(s.Truth.TOS)))
	if s.Truth.DontFragment {
		argv = append(argv, "-F")
	}
	got := boxesOf(t, within(t, s.Lab, append(argv, "target.lab")...))
	var changes, nats []string
	for _, c := range s.Truth.Changes {
		if c.Holds(s.protocol, s.ipv6) {
			changes = append(changes, c.Field+" "+boxEnds(s.Scenario, c.After, c.Before, s.ipv6))
		}
	}
	for _, n := range s.Truth.NATs {
		if n.Holds(s.protocol, s.ipv6) {
			nats = append(nats, boxEnds(s.Scenario, n.After, n.Before, s.ipv6))
		}
	}
	var seen, translators []string
	for _, c := range got.Changes {
		seen = append(seen, c.Field+" "+c.After.Address+" "+c.Before.Address)
	}
	for _, n := range got.NAT {
		translators = append(translators, n.After.Address+" "+n.Before.Address)
	}
	sameBoxes(t, s.flags+": changes", seen, changes)
	sameBoxes(t, s.flags+": translators", translators, nats)
	if len(got.Repeats) != len(s.Truth.Repeats) {
		t.Errorf("%s: repeats %v, want %v", s.flags, got.Repeats, s.Truth.Repeats)
	}
}

// boxEnds returns the addresses of two nodes as answers show them.
func boxEnds(s *sim.Scenario, after, before string, ipv6 bool) string {
	var all [2]string
	for i, h := range s.Truth.Hops {
		for k, name := range []string{after, before} {
			if len(h.Nodes) > 0 && h.Nodes[0] == name {
				all[k] = s.Addresses(i+1, ipv6)[0].String()
			}
		}
	}
	return all[0] + " " + all[1]
}

func sameBoxes(t *testing.T, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}
