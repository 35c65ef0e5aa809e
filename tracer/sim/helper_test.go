package sim

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

var (
	start  = time.Unix(1_000_000, 0)
	host4  = netip.MustParseAddr("198.18.0.2")
	host6  = netip.MustParseAddr("2001:db8::2")
	last4  = netip.MustParseAddr("203.0.113.10")
	last6  = netip.MustParseAddr("2001:db8:ffff::10")
	family = map[string]bool{"ipv4": false, "ipv6": true}
)

const (
	testPort   = 40000
	testTarget = 33434
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// chain returns a network of three nodes, with keys added to the second one and
// to the target. One way they take 1, 2 and 3 ms.
func chain(t testing.TB, second, last string) *Network {
	t.Helper()
	s, err := Parse([]byte(chainText(second, last)))
	must(t, err)
	return New(s, 1)
}

func chainText(second, last string) string {
	return fmt.Sprintf(`
entry = "first"
target = "last"
[[node]]
name = "first"
v4 = "198.18.1.1"
v6 = "2001:db8:1::1"
delay = "1ms"
next = ["second"]
[[node]]
name = "second"
v4 = "198.18.2.1"
v6 = "2001:db8:2::1"
delay = "2ms"
next = ["last"]
%s
[[node]]
name = "last"
v4 = "203.0.113.10"
v6 = "2001:db8:ffff::10"
delay = "3ms"
%s
`, second, last)
}

// only returns the one answer to a probe.
func only(t testing.TB, n *Network, p testProbe) testAnswer {
	t.Helper()
	d := n.Handle(start, p.bytes(t))
	if len(d) != 1 {
		t.Fatalf("%+v brought %d answers, want 1; dropped: %v", p, len(d), n.Counters().Dropped)
	}
	return readAnswer(t, d[0])
}

// none asserts that a probe brings nothing and is counted as dropped once.
func none(t testing.TB, n *Network, p testProbe, why Drop) {
	t.Helper()
	before := n.Counters().Dropped[why]
	if d := n.Handle(start, p.bytes(t)); len(d) != 0 {
		t.Fatalf("%+v brought %d answers, want none", p, len(d))
	}
	if got := n.Counters().Dropped[why] - before; got != 1 {
		t.Fatalf("%+v was counted %d times as %s, want once: %v", p, got, why, n.Counters().Dropped)
	}
}

// both runs a test for each family.
func both(t *testing.T, f func(t *testing.T, ipv6 bool)) {
	for name, ipv6 := range family {
		t.Run(name, func(t *testing.T) { f(t, ipv6) })
	}
}

// pick returns what is right for the family.
func pick[T any](ipv6 bool, v4, v6 T) T {
	if ipv6 {
		return v6
	}
	return v4
}
