package cli_test

import (
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

var ways = []struct{ name, protocol, flags string }{
	{"udp4", "udp", "-4"}, {"udp6", "udp", "-6"},
	{"icmp4", "icmp", "-4 -I"}, {"icmp6", "icmp", "-6 -I"},
	{"tcp4", "tcp", "-4 -T"}, {"tcp6", "tcp", "-6 -T"},
}

func ebpftrace(flags string, more ...string) []string {
	return append(append([]string{"ebpftrace"}, strings.Fields(flags)...), more...)
}

// Each router of the chain and the target answer each probe, and each time is
// the kernel's.
func TestChain(t *testing.T) {
	l := chain(t, 4)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			got := within(t, l, ebpftrace(way.flags, "--json", "target.lab")...)
			d := got.document(t)
			if got.status != 0 || got.stderr != "" || !d.Reached || len(d.Hops) != 5 {
				t.Fatalf("status %d, %d hops, reached %v\n%s", got.status, len(d.Hops), d.Reached, got.stderr)
			}
			for i, hop := range d.Hops {
				want := address(l.Nodes()[i+1], strings.Contains(way.flags, "-6"))
				checkHop(t, hop.Probes, want)
			}
			d.checkSource(t, best(t))
			for name, n := range d.Counters {
				if n != 0 && !slices.Contains(uncounted(), name) {
					t.Errorf("%s: %d, want none", name, n)
				}
			}
		})
	}
}

func address(n lab.Node, ipv6 bool) netip.Addr {
	if ipv6 {
		return n.V6
	}
	return n.V4
}

func checkHop(t *testing.T, probes []probeDocument, want netip.Addr) {
	t.Helper()
	if len(probes) != 3 {
		t.Fatalf("%d probes, want 3", len(probes))
	}
	for _, p := range probes {
		if p.Status != "answered" || p.From != want.String() || p.RTT <= 0 || p.RTT > 1e9 {
			t.Errorf("%+v, want an answer of %v", p, want)
		}
	}
}

// Ingress is before netfilter, so a local firewall that drops every answer
// hides none.
func TestBehindFirewall(t *testing.T) {
	l := chain(t, 2)
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to set up the firewall")
	}
	// Without neighbour discovery there would be no IPv6 at all.
	rules := "table inet f { chain i { type filter hook input priority 0; policy drop; " +
		"icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; }; }"
	if got := within(t, l, "nft", rules); got.status != 0 {
		t.Fatalf("nft: %s", got.stderr)
	}
	for _, way := range ways {
		got := within(t, l, ebpftrace(way.flags, "--json", "-n", "target.lab")...)
		if d := got.document(t); !d.Reached || len(d.Hops) != 3 {
			t.Errorf("%s: reached %v in %d hops, want 3", way.name, d.Reached, len(d.Hops))
		}
	}
}

// The same traces over a device without MAC header, through a network that
// does what kernel routers don't: each must end as its scenario says.
func TestScenarios(t *testing.T) {
	needsRoot(t)
	for _, name := range sim.Names() {
		t.Run(name, func(t *testing.T) {
			everyPassage(t, name, traceScenario)
		})
	}
}

func traceScenario(t *testing.T, s passage) {
	t.Helper()
	got := within(t, s.Lab, ebpftrace(s.flags, "--json", "-n", "target.lab")...)
	d := got.document(t)
	if d.Reached != s.Truth.Reached || d.StopReason != s.Truth.Stop {
		t.Errorf("%s: stopped with %s, want %s\n%s", s.flags, d.StopReason, s.Truth.Stop, got.stderr)
	}
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			if p.From != "" && !contains(s.Addresses(hop.TTL, s.ipv6), p.From) {
				t.Errorf("%s: hop %d: %s answered, want one of %v", s.flags, hop.TTL, p.From, s.Addresses(hop.TTL, s.ipv6))
			}
		}
	}
}

func contains(all []netip.Addr, from string) bool {
	for _, a := range all {
		if a.String() == from {
			return true
		}
	}
	return false
}
