package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// What contradicts itself gets one line that says what to do about it.
func TestMultipathUsage(t *testing.T) {
	tests := []struct{ args, want string }{
		{"--multipath -q 3 127.0.0.1", "leave -q out"},
		{"--multipath -w 5,3 127.0.0.1", "the longest wait alone"},
		{"--multipath --stamps 127.0.0.1", "leave one of the two out"},
		{"--multipath --diff 127.0.0.1", "repeat a flow"},
		{"--multipath --back 127.0.0.1", "repeat a flow"},
		{"--multipath --loss 127.0.0.1", "repeat a flow"},
		{"--mtu --loss 127.0.0.1", "leave one out"},
		{"--multipath --json --dot 127.0.0.1", "--dot=FILE"},
		{"--multipath --flow 3 --sport 9 127.0.0.1", "leave one of the two out"},
		{"--multipath --confidence 1 127.0.0.1", "as 95"},
		{"--multipath --confidence 100 127.0.0.1", "as 95"},
		{"--multipath --confidence 0 127.0.0.1", "as 95"},
		{"--multipath --confidence NaN 127.0.0.1", "as 95"},
		{"--multipath --confidence much 127.0.0.1", "as 95"},
		{"--multipath --destinations 254 127.0.0.1", "from 1 to 253"},
		{"--multipath --max-probes 60001 127.0.0.1", "from 1 to 60000"},
		{"--multipath --dot= 127.0.0.1", "--dot=paths.dot"},
		{"--confidence 95 127.0.0.1", "about --multipath"},
		{"--mda 127.0.0.1", "about --multipath"},
		{"--destinations 9 127.0.0.1", "about --multipath"},
		{"--max-probes 9 127.0.0.1", "about --multipath"},
		{"--dot 127.0.0.1", "about --multipath"},
		{"--flow 3 127.0.0.1", "--sport"},
		{"--flow 3 --sport 9 ::1", "--flow-label"},
		{"--flow 65535 --sport 9 127.0.0.1", "from 0 to 65534"},
		{"--flow-label 5 127.0.0.1", "IPv4 has none"},
		{"--flow-label 0x100000 ::1", "from 0 to 1048575"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := cli.Main(strings.Fields(tt.args), &stdout, &stderr)
			line := stderr.String()
			if status != cli.ExitUsage || stdout.Len() > 0 {
				t.Errorf("status %d, stdout %q; want %d and none", status, stdout.String(), cli.ExitUsage)
			}
			if !strings.Contains(line, tt.want) || strings.Count(line, "\n") != 1 {
				t.Errorf("stderr %q, want one line with %q", line, tt.want)
			}
		})
	}
}

// All scenarios are listed, those of many paths too.
func TestLabList(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := cli.Main([]string{"lab", "--list"}, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	names := slices.Concat(sim.Names(), sim.LossNames(), sim.MTUNames(), sim.MultipathNames())
	if len(lines) != len(names) {
		t.Fatalf("%d lines for %d scenarios", len(lines), len(names))
	}
	for i, name := range names {
		if got, about, _ := strings.Cut(lines[i], " "); got != name || strings.TrimSpace(about) == "" {
			t.Errorf("line %q, want %s and what it is", lines[i], name)
		}
	}
}

// What is shown of a scenario is a scenario: the one of that name.
func TestLabShow(t *testing.T) {
	for _, name := range []string{"mpls", "mtu_hole", "loss_twice", "diamond_meshed"} {
		var stdout, stderr bytes.Buffer
		if status := cli.Main([]string{"lab", "--show", name}, &stdout, &stderr); status != 0 {
			t.Fatalf("status %d: %s", status, stderr.String())
		}
		if s, err := sim.Parse(stdout.Bytes()); err != nil || s.Name != name {
			t.Errorf("%s: %v in\n%s", name, err, stdout.String())
		}
	}
	var stdout, stderr bytes.Buffer
	if status := cli.Main([]string{"lab", "--show", "nosuch"}, &stdout, &stderr); status != cli.ExitUsage || !strings.Contains(stderr.String(), "lab --list") {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}

// TCP's flows take source ports in a row. Where the first is somebody else's, that is
// said in one line; the other protocols, whose flows have one, go ahead.
func TestMultipathSourcePort(t *testing.T) {
	l := chain(t, 1)
	listen(t, l, lab.Client)
	got := within(t, l, ebpftrace("-T -n --multipath --sport "+openPort, "target.lab")...)
	if got.status != cli.ExitUsage || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "choose another") {
		t.Errorf("status %d, %q, want %d and one line\n%s", got.status, got.stderr, cli.ExitUsage, got.stdout)
	}
	for _, flags := range []string{"", "-I", "-T --timing socket --sport 65000"} {
		got := within(t, l, ebpftrace("-n --json --multipath --sport "+openPort+" "+flags, "target.lab")...)
		if d := got.multipath(t); got.status != 0 || len(d.links()) != 1 {
			t.Errorf("%s: status %d, links %v\n%s", flags, got.status, d.links(), got.stderr)
		}
	}
}

// The graph is written to a file beside the document; a file that can't be written is
// found out before anything is sent.
func TestMultipathFiles(t *testing.T) {
	l := chain(t, 1)
	file := filepath.Join(t.TempDir(), "paths.dot")
	got := within(t, l, ebpftrace("-n --json --multipath --dot="+file, "target.lab")...)
	d := got.multipath(t)
	graph, err := os.ReadFile(file)
	if err != nil || got.status != 0 || !strings.HasPrefix(string(graph), "digraph ") || strings.Count(string(graph), "->") != len(d.Links) {
		t.Errorf("status %d, %v, %d links\n%s\n%s", got.status, err, len(d.Links), graph, got.stderr)
	}
	got = within(t, l, ebpftrace("-n --multipath --dot="+filepath.Join(file, "no"), "target.lab")...)
	if got.status != cli.ExitUsage || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, %q\n%s", got.status, got.stderr, got.stdout)
	}
}

// An ordinary user finds all paths too, with UDP; with TCP it is said why not.
func TestMultipathUnprivileged(t *testing.T) {
	needsRoot(t)
	b := branched(t, lab.DiamondOptions{Branches: diamonds["2"]})
	to, _ := b.Node(lab.Target)
	got := asNobody(t, b.Lab, nil, "--multipath", certainly, "--json", "-n", to.V4.String())
	d := got.multipath(t)
	if diff := differ(d.links(), linksOf(b, 2, false)); diff != "" || got.status != 0 || d.Timing != "socket" {
		t.Errorf("status %d, timed by %s, %s\n%s", got.status, d.Timing, diff, got.stderr)
	}
	got = asNobody(t, b.Lab, nil, "--multipath", "-T", "-n", to.V4.String())
	if got.status != cli.ExitForbidden || !strings.Contains(got.stderr, "TCP probes need a raw socket") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d\n%s", got.status, got.stderr)
	}
}
