package cli_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// examination is the part of doctor's JSON that these tests look at.
type examination struct {
	Schema, Status string
	Interface      struct{ Name, By string }
	Timing         struct{ Name string }
	Checks         []struct{ Name, Status, Found string }
}

func (o outcome) examination(t *testing.T) (e examination) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &e); err != nil {
		t.Fatalf("stdout is no JSON document: %v\n%s\n%s", err, o.stdout, o.stderr)
	}
	return e
}

// What doctor promises is what a trace takes, and its exit status tells.
func TestDoctorAgreesWithTrace(t *testing.T) {
	l := chain(t, 1)
	target := l.Nodes()[2].V4.String()
	for name, run := range map[string]func(args ...string) outcome{
		"root":   func(args ...string) outcome { return within(t, l, append([]string{"ebpftrace"}, args...)...) },
		"nobody": func(args ...string) outcome { return asNobody(t, l, nil, args...) },
	} {
		got := run("doctor", "--json", target)
		e := got.examination(t)
		want := map[string]int{"ok": cli.ExitReached, "degraded": cli.ExitNotReached, "missing": cli.ExitForbidden}[e.Status]
		if e.Schema != "ebpftrace.doctor/1" || got.status != want || got.stderr != "" || e.Interface.Name != "eth0" {
			t.Errorf("%s: %+v, exit status %d, stderr %q", name, e, got.status, got.stderr)
		}
		traced := run("--json", "-n", target)
		if d := traced.document(t); d.Timing != e.Timing.Name {
			t.Errorf("%s: doctor promises %q, the trace took %q: %s", name, e.Timing.Name, d.Timing, traced.stderr)
		}
	}
}

func TestDoctorText(t *testing.T) {
	l := chain(t, 1)
	got := within(t, l, "ebpftrace", "doctor", "-i", "eth0")
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	if lines[0] != "ebpftrace doctor, eth0 (-i)" || !strings.Contains(got.stdout, "\nok        timing") || got.status != 0 {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("more than 80 characters: %q", line)
		}
	}
}

// Where no way leads there is no trace.
func TestDoctorNoRoute(t *testing.T) {
	got := at(t, chain(t, 1), "r1", "ebpftrace", "doctor", "203.0.113.77")
	if got.status != cli.ExitForbidden || !strings.Contains(got.stdout, "no route to 203.0.113.77") || !strings.Contains(got.stdout, "no trace is possible") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

func TestDoctorUsage(t *testing.T) {
	for args, want := range map[string]string{
		"a b": "too many arguments", "-4 -6 127.0.0.1": "exclude each other", "-i nope0": `unknown interface "nope0"`,
		"-6 127.0.0.1": "no IPv6 address", "does-not-exist.invalid": "unknown host", "--no-such-flag": "unknown flag",
	} {
		var stdout, stderr bytes.Buffer
		status := cli.Main(append([]string{"doctor"}, strings.Fields(args)...), &stdout, &stderr)
		if line := stderr.String(); status != cli.ExitUsage || stdout.Len() > 0 || !strings.Contains(line, want) || strings.Count(line, "\n") != 1 {
			t.Errorf("%s: status %d, stdout %q, stderr %q; want %q", args, status, stdout.String(), line, want)
		}
	}
}
