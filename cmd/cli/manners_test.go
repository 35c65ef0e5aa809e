package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

func simulated(t *testing.T, name string) *lab.Lab {
	t.Helper()
	needsRoot(t)
	s := simtest.Load(t, name)
	front, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	return front.Lab
}

// The table names the hops, its times have units, and it tells how it ended.
func TestTable(t *testing.T) {
	got := within(t, chain(t, 2), "ebpftrace", "target.lab")
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	want := []string{"ebpftrace to target.lab (198.18.3.2), udp port 33434", "in the kernel",
		"1  r1.lab (198.18.1.2)", "2  r2.lab (198.18.2.2)", "3  target.lab (198.18.3.2)", "reached in 3 hops"}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), got.stdout)
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("line %q, want it to hold %q", line, want[i])
		}
		if i >= 2 && i <= 4 && strings.Count(line, " µs")+strings.Count(line, " ms") != 3 {
			t.Errorf("line %q, want three times with a unit", line)
		}
	}
}

// A target on this host is one hop away, over loopback.
func TestLoopback(t *testing.T) {
	l := chain(t, 1)
	for _, way := range ways {
		target := "127.0.0.1"
		if strings.Contains(way.flags, "-6") {
			target = "::1"
		}
		got := within(t, l, ebpftrace(way.flags, "--json", "-n", target)...)
		if d := got.document(t); got.status != 0 || len(d.Hops) != 1 || d.Interface != "lo" {
			t.Errorf("%s: status %d, %d hops over %q, want one over lo\n%s", way.name, got.status, len(d.Hops), d.Interface, got.stderr)
		}
	}
}

// Interrupted, it prints what it knows and says so; it does not linger.
func TestInterrupt(t *testing.T) {
	l := simulated(t, "all_silent")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []string{"INT", "TERM", "HUP"} {
		got := within(t, l, "timeout", "--preserve-status", "-s", signal, "1", self, "-n", "-w", "30", "target.lab")
		if got.status != 1 || !strings.Contains(got.stdout, "interrupted") || got.stderr != "" {
			t.Errorf("SIG%s: status %d, want 1 and what is known\n%s%s", signal, got.status, got.stdout, got.stderr)
		}
	}
}

// A probe that the local firewall refuses is not lost: it was never sent.
func TestRefusedLocally(t *testing.T) {
	l := chain(t, 1)
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to set up the firewall")
	}
	rules := "table inet f { chain o { type filter hook output priority 0; udp dport 33434 drop; }; }"
	if got := within(t, l, "nft", rules); got.status != 0 {
		t.Fatalf("nft: %s", got.stderr)
	}
	got := within(t, l, "ebpftrace", "--json", "-n", "target.lab")
	d := got.document(t)
	if got.status != 1 || d.StopReason != "failed" || !strings.Contains(got.stderr, "a local firewall refused the probe") {
		t.Errorf("status %d, stopped with %s, stderr %q", got.status, d.StopReason, got.stderr)
	}
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			if p.Status != "not_sent" {
				t.Errorf("hop %d: %s, want not_sent", hop.TTL, p.Status)
			}
		}
	}
}

// Where the kernel knows no way, the program says so. A router of the chain has
// no default route.
func TestNoRoute(t *testing.T) {
	l := chain(t, 1)
	for _, target := range []string{"203.0.113.77", "2001:db8:aaaa::1"} {
		got := at(t, l, "r1", "ebpftrace", target)
		if got.status != 2 || got.stdout != "" || !strings.Contains(got.stderr, "no route to "+target) {
			t.Errorf("%s: status %d, stdout %q, stderr %q; want no route", target, got.status, got.stdout, got.stderr)
		}
	}
}
