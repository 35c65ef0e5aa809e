package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// What contradicts --mtu gets one line that says what to leave out.
func TestMTUUsage(t *testing.T) {
	for args, want := range map[string]string{
		"--mtu 127.0.0.1 1400":     "leave out the length, 1400",
		"--mtu -q 5 127.0.0.1":     "--mtu and --queries exclude each other",
		"--mtu --back 127.0.0.1":   "--mtu and --back exclude each other",
		"--mtu --save x 127.0.0.1": "--mtu and --save exclude each other",
		"--mtu -I -p 5 127.0.0.1":  "ICMP has no ports",
		"bench --mtu 127.0.0.1":    "unknown flag",
		"--mtu -f 9 -m 2 127.0.01": "above the largest",
	} {
		var stdout, stderr bytes.Buffer
		status := cli.Main(strings.Fields(args), &stdout, &stderr)
		line := stderr.String()
		if status != cli.ExitUsage || stdout.Len() > 0 || !strings.Contains(line, want) || strings.Count(line, "\n") != 1 {
			t.Errorf("%s: status %d, %q, want %q", args, status, line, want)
		}
	}
}
