package multipath

import (
	"net/netip"
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	addr := map[rune]netip.Addr{'a': netip.MustParseAddr("192.0.2.1"), 'b': netip.MustParseAddr("192.0.2.2"), 'c': netip.MustParseAddr("192.0.2.3")}
	for _, test := range []struct {
		heard string
		kind  Balance
		more  int
	}{
		{"", BalanceUnknown, 6},
		{"aaaa", BalanceUnknown, 2},
		{"aaaaaa", BalanceFlow, 0},
		{"ab", BalanceUnknown, 5},
		{"aba", BalancePacket, 0},
		{"abc", BalancePacket, 0},
		{"aabaaa", BalancePacket, 0},
		{"aaabbb", BalanceUnknown, 3}, // the path may have changed
		{"aaabbbbbb", BalanceFlow, 0},
		{"aaabbbbba", BalancePacket, 0},
	} {
		var heard []netip.Addr
		for _, r := range test.heard {
			heard = append(heard, addr[r])
		}
		if kind, more := verdict(heard, 6); kind != test.kind || more != test.more {
			t.Errorf("%q: %v, %d more, want %v, %d", test.heard, kind, more, test.kind, test.more)
		}
	}
}

// Without probes to its neighbours, the target is all that there is: one way of
// three is seen, and no balancing.
func TestPerDestinationNeedsDestinations(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := load(t, "diamond_per_destination")
		tr := trace(t, s, ways()[0], 1, Config{})
		if n := tr.at(3); len(n) != 1 || n[0].Elsewhere || tr.at(2)[0].Balance != BalanceNone || tr.Destinations != 0 {
			t.Errorf("hop 3 has %d nodes, hop 2 balances by %v, %d destinations", len(n), tr.at(2)[0].Balance, tr.Destinations)
		}
		tr = trace(t, s, ways()[0], 1, Config{Destinations: 60})
		elsewhere := 0
		for _, n := range tr.at(3) {
			if n.Elsewhere {
				elsewhere++
			}
		}
		if elsewhere != 2 || tr.at(2)[0].Balance != BalanceDestination || tr.at(4)[0].Balance != BalanceFlow {
			t.Errorf("hop 3: %d nodes elsewhere; hops 2 and 4 balance by %v and %v", elsewhere, tr.at(2)[0].Balance, tr.at(4)[0].Balance)
		}
		for _, l := range tr.Links {
			if to := tr.Nodes[l.To]; to.Elsewhere && (!l.Elsewhere || len(l.Flows) > 0) {
				t.Errorf("link to %v: %+v", to.Addr, l)
			}
		}
		for _, p := range tr.Probes {
			if p.Flow < 0 && -p.Flow > tr.Destinations {
				t.Errorf("probe to neighbour %d of %d", -p.Flow, tr.Destinations)
			}
		}
	})
}

// at returns the nodes of a hop.
func (tr traced) at(hop int) (nodes []*Node) {
	for _, n := range tr.Nodes {
		if n.Hop == hop {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// A path that changes in mid-run is not balancing per packet.
func TestPathChange(t *testing.T) {
	text := "entry = 'a'\ntarget = 'target'\n[[node]]\nname = 'a'\nv4 = '198.18.1.1'\nnext = ['b', 'c']\ndelay = '1ms'\n" +
		"[[node]]\nname = 'b'\nv4 = '198.18.2.1'\nnext = ['target']\n[[node]]\nname = 'c'\nv4 = '198.18.2.2'\nnext = ['target']\n" +
		"[[node]]\nname = 'target'\nv4 = '203.0.113.10'\n"
	inBubble(t, func(t *testing.T) {
		before := parse(t, strings.Replace(text, "['b', 'c']", "['b']", 1))
		after := parse(t, strings.Replace(text, "['b', 'c']", "['c']", 1))
		tr := traceChanging(t, before, after, 8)
		if kind := tr.at(1)[0].Balance; kind != BalanceFlow || !tr.doubts(Changed) {
			t.Errorf("balances by %v, doubts %v", kind, tr.Doubts)
		}
	})
}

func (tr traced) doubts(why Reason) bool {
	for _, d := range tr.Doubts {
		if d.Why == why {
			return true
		}
	}
	return false
}

// An interface that answers from several addresses in turn cannot be told from a
// balancer that does; what is behind it is found all the same.
func TestChangingSource(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, load(t, "changing_source"), ways()[0], 1, Config{})
		if !tr.Reached() || tr.Confidence < tr.Wanted {
			t.Errorf("stopped with %v, confidence %v", tr.Stop, tr.Confidence)
		}
	})
}

func TestAround(t *testing.T) {
	for _, test := range []struct {
		target string
		n      int
		want   string
	}{
		{"192.0.2.7", 0, "192.0.2.7"},
		{"192.0.2.7", 2, "192.0.2.7 192.0.2.8 192.0.2.9"},
		{"192.0.2.253", 3, "192.0.2.253 192.0.2.254 192.0.2.1 192.0.2.2"},
		{"2001:db8::fe", 2, "2001:db8::fe 2001:db8::1 2001:db8::2"},
	} {
		var got []string
		for _, a := range around(netip.MustParseAddr(test.target), test.n) {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%d around %s: %v, want %s", test.n, test.target, got, test.want)
		}
	}
	if all := around(netip.MustParseAddr("192.0.2.7"), maxDestinations); len(all) != maxDestinations+1 {
		t.Errorf("%d addresses, want the target and %d neighbours", len(all), maxDestinations)
	}
}
