package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// What contradicts itself gets one line that says what to do about it.
func TestMultipathUsage(t *testing.T) {
	tests := []struct{ args, want string }{
		{"--multipath -q 3 127.0.0.1", "leave -q out"},
		{"--multipath -w 5,3 127.0.0.1", "the longest wait alone"},
		{"--multipath --stamps 127.0.0.1", "leave one of the two out"},
		{"--multipath --json --dot 127.0.0.1", "--dot=FILE"},
		{"--multipath --flow 3 --sport 9 127.0.0.1", "leave one of the two out"},
		{"--multipath --confidence 1 127.0.0.1", "as 95"},
		{"--multipath --confidence 100 127.0.0.1", "as 95"},
		{"--multipath --confidence 0 127.0.0.1", "as 95"},
		{"--multipath --confidence NaN 127.0.0.1", "as 95"},
		{"--multipath --confidence much 127.0.0.1", "as 95"},
		{"--multipath --destinations 254 127.0.0.1", "from 1 to 253"},
		{"--multipath --max-probes 60001 127.0.0.1", "from 1 to 60000"},
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
	names := append(sim.Names(), sim.MultipathNames()...)
	if len(lines) != len(names) {
		t.Fatalf("%d lines for %d scenarios", len(lines), len(names))
	}
	for i, name := range names {
		if got, about, _ := strings.Cut(lines[i], " "); got != name || strings.TrimSpace(about) == "" {
			t.Errorf("line %q, want %s and what it is", lines[i], name)
		}
	}
}
