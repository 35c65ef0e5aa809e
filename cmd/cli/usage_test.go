package cli_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// Bad input gets one line that says what is wrong, and nothing on stdout.
func TestBadUsage(t *testing.T) {
	tests := []struct{ args, want string }{
		{"", "no host"},
		{"bench a b c", "too many arguments"},
		{"127.0.0.1 0", `packet length "0"`},
		{"bench 127.0.0.1 x", `packet length "x"`},
		{"127.0.0.1 20", "at least 32"},
		{"127.0.0.1 65000 -i lo -T", ""},
		{"-4 -6 127.0.0.1", "exclude each other"},
		{"-I -T 127.0.0.1", "exclude each other"},
		{"-I -p 5 127.0.0.1", "ICMP has no ports"},
		{"-m 0 127.0.0.1", "from 1 to 255"},
		{"-m 256 127.0.0.1", "from 1 to 255"},
		{"-f 0 127.0.0.1", "from 1 to 255"},
		{"-f 9 -m 8 127.0.0.1", "above the largest"},
		{"-f 31 127.0.0.1", "above the largest"},
		{"-q none 127.0.0.1", "whole number"},
		{"-p 65536 127.0.0.1", "from 1 to 65535"},
		{"-t 256 127.0.0.1", "from 0 to 255"},
		{"--ecn 4 127.0.0.1", "from 0 to 3"},
		{"--ecn maybe 127.0.0.1", "from 0 to 3"},
		{"--dscp 64 127.0.0.1", "from 0 to 63"},
		{"-t 1 --ecn ect0 127.0.0.1", "contradict each other"},
		{"-t 184 --dscp cs1 127.0.0.1", "contradict each other"},
		{"-w 0 127.0.0.1", "more than 0"},
		{"-w 1,2,3,4 127.0.0.1", "up to three numbers"},
		{"-w NaN 127.0.0.1", "not a number"},
		{"-z -1 127.0.0.1", "seconds"},
		{"--timing sundial 127.0.0.1", "use one of auto|kernel|tcx|socket|user"},
		{"-i nope0 127.0.0.1", `-i "nope0" is neither an interface`},
		{"-s nonsense 127.0.0.1", "give an IPv4 or IPv6 address"},
		{"-s 198.51.100.1 127.0.0.1", "not an address of this host"},
		{"-s ::1 127.0.0.1", "different families"},
		{"-6 127.0.0.1", "no IPv6 address"},
		{"-4 ::1", "no IPv4 address"},
		{"0.0.0.0", "unicast"},
		{"224.0.0.1", "unicast"},
		{"--no-such-flag 127.0.0.1", "unknown flag"},
		{"does-not-exist.invalid", `unknown host "does-not-exist.invalid"`},
		{"255.255.255.255", "unicast"},
		{"127.255.255.255", "is a broadcast address"},
		{"https://h.example:8443/x", "is a URL: give its host, h.example"},
		{"h.example:80", "has a port: give h.example, and the port by -p 80"},
		{"[2001:db8::1]:80", "has a port: give 2001:db8::1,"},
		{"[2001:db8::1]", "has brackets: give 2001:db8::1"},
		{"192.0.2.0/24", "is a network: give an address in it, as 192.0.2.0"},
		{"root@h.example", "has a user: give h.example"},
		{"1.2.3.400", "four numbers of up to 255"},
		{"127.1", "four numbers of up to 255"},
		{"--asn-db= 127.0.0.1", "--asn-db is given nothing"},
		{"--save= 127.0.0.1", "--save is given nothing"},
		{"--interface= 127.0.0.1", "give an interface, or a file of targets"},
		{"--targets= 127.0.0.1", "give a file's name"},
		{"show --report= x", "--report is given nothing"},
		{"lab --routers 0", "from 1 to"},
		{"lab --seed 3 true", "--seed 3 is of a simulated network"},
		{"lab --scenario clean --routers 3 true", "a scenario has its own"},
		{"lab --scenario claen true", "no scenario \"claen\": did you mean clean?"},
		{"lab --scenario xyzzy-and-more true", "`ebpftrace lab --list` lists those"},
	}
	for _, tt := range tests {
		if tt.want == "" {
			continue
		}
		t.Run(tt.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := cli.Main(strings.Fields(tt.args), &stdout, &stderr)
			line := stderr.String()
			if status != cli.ExitUsage || stdout.Len() > 0 {
				t.Errorf("status %d, stdout %q; want %d and none", status, stdout.String(), cli.ExitUsage)
			}
			if !strings.Contains(line, tt.want) || strings.Count(line, "\n") != 1 || !strings.HasPrefix(line, "ebpftrace: ") {
				t.Errorf("stderr %q, want one line with %q", line, tt.want)
			}
		})
	}
}

// Without privileges the program says which ones it lacks and how to grant them.
func TestUnprivileged(t *testing.T) {
	needsRoot(t)
	got := asNobody(t, chain(t, 1), nil, "--timing", "kernel", "127.0.0.1")
	line := got.stderr
	if got.status != cli.ExitForbidden || got.stdout != "" {
		t.Errorf("status %d, stdout %q; want %d and none", got.status, got.stdout, cli.ExitForbidden)
	}
	for _, want := range []string{"CAP_BPF", "CAP_NET_ADMIN", "CAP_NET_RAW", "sudo", "setcap"} {
		if !strings.Contains(line, want) || strings.Count(line, "\n") != 1 {
			t.Errorf("stderr %q, want one line that names %s", line, want)
		}
	}
}

// copyExecutable puts this test binary where anybody may run it.
func copyExecutable(t *testing.T, to string) {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, self, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir := to; dir != "/tmp" && dir != "/"; dir = dir[:strings.LastIndex(dir, "/")] {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
