package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// diamonds are networks in which a kernel chooses between ways of equal cost.
var diamonds = map[string][]int{"2": {1, 1}, "4": {1, 1, 1, 1}, "uneven": {1, 2}}

// certainly is a confidence at which none of these tests fails in a lifetime.
const certainly = "--confidence=99.9999"

// All links are found where Linux itself chooses the way by what flows differ in: the
// ports of UDP and TCP.
func TestECMP(t *testing.T) {
	for name, branches := range diamonds {
		t.Run(name, func(t *testing.T) {
			b := branched(t, lab.DiamondOptions{Branches: branches})
			for _, way := range ways {
				if way.protocol == "icmp" {
					continue
				}
				got := within(t, b.Lab, ebpftrace(way.flags, "--multipath", certainly, "--json", "-n", "target.lab")...)
				d := got.multipath(t)
				want := linksOf(b, len(branches), strings.Contains(way.flags, "-6"))
				if diff := differ(d.links(), want); diff != "" || got.status != 0 || got.stderr != "" {
					t.Errorf("%s: status %d, %s\n%s", way.name, got.status, diff, got.stderr)
				}
				d.checkNodes(t, way.name)
				d.checkFork(t, way.name, "flow")
			}
		})
	}
}

// checkNodes looks at the times, which are the kernel's, and the counters.
func (d multipathDocument) checkNodes(t *testing.T, name string) {
	t.Helper()
	for _, n := range d.Nodes[1:] {
		if n.RTT.Count == 0 || n.RTT.P50 <= 0 || n.Share <= 0 {
			t.Errorf("%s: %+v", name, n)
		}
	}
	if d.Timing != best(t) || d.Confidence < 0.999998 {
		t.Errorf("%s: timed by %s, confidence %v", name, d.Timing, d.Confidence)
	}
	for _, c := range []string{"overflow", "unmatched", "malformed", "impossible_stamps"} {
		if d.Counters[c] != 0 {
			t.Errorf("%s: %s: %d", name, c, d.Counters[c])
		}
	}
}

// checkFork looks at what the second router chooses by.
func (d multipathDocument) checkFork(t *testing.T, name, want string) {
	t.Helper()
	for _, n := range d.Nodes {
		if n.Hop == 2 && n.Balance != want {
			t.Errorf("%s: the fork balances by %s, want %s", name, n.Balance, want)
		}
	}
}

// Linux looks at nothing in echo requests that flows of them could differ in
// (fib_multipath_hash: there are no ports), so all go one way. By addresses it chooses
// over IPv6 by the flow label as well, so all ways are found; over IPv4 packets to
// the target's neighbours find them.
func TestECMPByOtherThanPorts(t *testing.T) {
	t.Parallel()
	branches := []int{1, 1, 1}
	for _, tt := range []struct {
		hash    lab.HashPolicy
		flags   string
		balance string // none: one way is found
	}{
		{lab.HashFlow, "-4 -I", "none"},
		{lab.HashFlow, "-6 -I", "none"},
		{lab.HashAddresses, "-6 -I", "flow"},
		{lab.HashAddresses, "-6", "flow"},
		{lab.HashAddresses, "-6 -T", "flow"},
		{lab.HashAddresses, "-4", "none"},
		{lab.HashAddresses, "-4 --destinations 100", "destination"},
	} {
		t.Run(fmt.Sprintf("%s by %s", tt.flags, tt.hash), func(t *testing.T) {
			b := branched(t, lab.DiamondOptions{Branches: branches, Hash: tt.hash})
			got := within(t, b.Lab, ebpftrace(tt.flags, "--multipath", certainly, "--json", "-n", "target.lab")...)
			d := got.multipath(t)
			d.checkFork(t, tt.flags, tt.balance)
			if tt.balance == "none" {
				d.checkOneOf(t, b, len(branches), strings.Contains(tt.flags, "-6"))
				return
			}
			if diff := differ(d.links(), linksOf(b, len(branches), strings.Contains(tt.flags, "-6"))); diff != "" || got.status != 0 {
				t.Errorf("status %d, %s\n%s", got.status, diff, got.stderr)
			}
		})
	}
}

// checkOneOf wants one of the ways and no other.
func (d multipathDocument) checkOneOf(t *testing.T, b *lab.Branched, branches int, ipv6 bool) {
	t.Helper()
	for i := range branches {
		want := map[hopLink]bool{}
		along(want, b.Way(i, ipv6))
		if differ(d.links(), want) == "" && d.Reached {
			return
		}
	}
	t.Errorf("reached %v by %v, want one way", d.Reached, d.links())
}
