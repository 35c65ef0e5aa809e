package sim

import (
	"net/netip"
	"testing"
)

// diamond returns a scenario's network in which the third hop is one of two.
func diamond(t *testing.T, balance string) *Network {
	t.Helper()
	s, err := Load("per_flow")
	must(t, err)
	for i := range s.Nodes {
		s.Nodes[i].Balance = Balance(balance)
	}
	return New(s, 1)
}

// spread counts the addresses that answer to probes made from 0 to 99.
func spread(t *testing.T, n *Network, probe func(i int) testProbe) map[netip.Addr]int {
	t.Helper()
	seen := make(map[netip.Addr]int)
	for i := range 100 {
		p := probe(i)
		p.ttl = 3
		seen[only(t, n, p).from]++
	}
	return seen
}

func TestFlowStaysOnOnePath(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, balance := range []string{"", "flow"} {
			for _, protocol := range []string{"udp", "tcp"} {
				n := diamond(t, balance)
				seen := spread(t, n, func(i int) testProbe {
					return testProbe{ipv6: ipv6, protocol: protocol, ident: uint16(i)}
				})
				if len(seen) != 1 {
					t.Errorf("%s: one flow took %v", protocol, seen)
				}
				assertBoth(t, spread(t, n, func(i int) testProbe {
					return testProbe{ipv6: ipv6, protocol: protocol, port: uint16(1000 + i)}
				}))
			}
		}
	})
}

// TestFlowOfEchoes: the checksum belongs to the flow, and these differ in it.
func TestFlowOfEchoes(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := diamond(t, "flow")
		assertBoth(t, spread(t, n, func(i int) testProbe {
			return testProbe{ipv6: ipv6, protocol: "icmp", ident: uint16(i)}
		}))
		same := spread(t, n, func(int) testProbe { return testProbe{ipv6: ipv6, protocol: "icmp", ident: 5} })
		if len(same) != 1 {
			t.Errorf("one flow took %v", same)
		}
	})
}

func TestFlowLabelIsPartOfTheFlow(t *testing.T) {
	assertBoth(t, spread(t, diamond(t, "flow"), func(i int) testProbe {
		return testProbe{ipv6: true, label: uint32(i)}
	}))
}

func TestPerPacketTakesTurns(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		seen := spread(t, diamond(t, "packet"), func(int) testProbe { return testProbe{ipv6: ipv6} })
		for a, times := range seen {
			if times != 50 {
				t.Errorf("%v answered %d of 100", a, times)
			}
		}
	})
}

func TestPerDestination(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := diamond(t, "destination")
		seen := spread(t, n, func(i int) testProbe { return testProbe{ipv6: ipv6, port: uint16(1000 + i)} })
		if len(seen) != 1 {
			t.Errorf("one destination took %v", seen)
		}
		target := pick(ipv6, last4, last6)
		assertBoth(t, spread(t, n, func(int) testProbe {
			target = target.Next()
			return testProbe{ipv6: ipv6, target: target}
		}))
	})
}

// assertBoth wants both nodes to have answered, neither of them rarely.
func assertBoth(t *testing.T, seen map[netip.Addr]int) {
	t.Helper()
	for a, times := range seen {
		if len(seen) != 2 || times < 25 {
			t.Errorf("%v answered %d of 100: %v", a, times, seen)
		}
	}
}
