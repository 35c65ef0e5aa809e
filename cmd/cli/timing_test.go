package cli_test

import (
	"bytes"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// Each choice of --timing is a complete source: every hop answers, by every
// protocol, and every sample says where it was timed.
func TestTimings(t *testing.T) {
	l := chain(t, 2)
	tests := []struct{ timing, source string }{
		{"auto", best(t)}, {"tcx", "tcx"}, {"socket", "socket"}, {"user", "user"}, {"kernel", "kernel"},
	}
	if !newer(t, 6, 1) {
		tests = tests[:4] // there is no receive stamp
	}
	for _, tt := range tests {
		for _, way := range ways {
			got := within(t, l, ebpftrace(way.flags, "--json", "-n", "--timing", tt.timing, "target.lab")...)
			d := got.document(t)
			if got.status != 0 || len(d.Hops) != 3 || d.Timing != tt.source || len(d.Notes) > 0 && newer(t, 6, 1) {
				t.Errorf("%s, %s: status %d, %d hops, timing %q, notes %v\n%s", tt.timing, way.name,
					got.status, len(d.Hops), d.Timing, d.Notes, got.stderr)
			}
			d.checkSource(t, tt.source)
			for _, hop := range d.Hops {
				for _, p := range hop.Probes {
					if p.RTT <= 0 {
						t.Errorf("%s, %s: hop %d: %d ns by %q", tt.timing, way.name, hop.TTL, p.RTT, p.Source)
					}
				}
			}
		}
	}
}

// With --stamps every point that a probe and its answer pass is there, in order.
func TestStamps(t *testing.T) {
	l := chain(t, 1)
	want := []string{"user_send", "tcx_egress", "driver_start", "receive", "tcx_ingress", "user_receive"}
	for _, way := range ways {
		d := within(t, l, ebpftrace(way.flags, "--json", "-n", "--stamps", "target.lab")...).document(t)
		for _, hop := range d.Hops {
			for _, p := range hop.Probes {
				var last int64
				for _, point := range want {
					if p.Stamps[point] <= last {
						t.Errorf("%s: hop %d: %s is at %d, after %d", way.name, hop.TTL, point, p.Stamps[point], last)
					}
					last = p.Stamps[point]
				}
			}
		}
	}
	table := within(t, l, "ebpftrace", "-n", "--stamps", "target.lab").stdout
	if n := strings.Count(table, ": send call "); n != 6 {
		t.Errorf("the table divides %d probes, want 6\n%s", n, table)
	}
}

// asNobody runs the program at the client as an ordinary user with some
// capabilities.
func asNobody(t *testing.T, l *lab.Lab, caps []uintptr, args ...string) outcome {
	t.Helper()
	binary := t.TempDir() + "/ebpftrace"
	copyExecutable(t, binary)
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = "/", []string{asProgram + "=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: 65534, Gid: 65534}, AmbientCaps: caps,
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := l.Do(lab.Client, cmd.Start); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // the status is what is looked at
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// Without a capability the next best stamps are taken and the output says so;
// who asked for the nearest by name is refused.
func TestFewerCapabilities(t *testing.T) {
	l := chain(t, 1)
	withoutPerfmon := []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}
	target := l.Nodes()[2].V4.String()
	got := asNobody(t, l, withoutPerfmon, "--json", "-n", target)
	d := got.document(t)
	if got.status != 0 || d.Timing != "tcx+receive" || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "CAP_PERFMON") {
		t.Errorf("status %d, timing %q, notes %q; want tcx+receive for want of CAP_PERFMON\n%s", got.status, d.Timing, d.Notes, got.stderr)
	}
	got = asNobody(t, l, withoutPerfmon, "--timing", "kernel", target)
	if got.status != cli.ExitForbidden || got.stdout != "" || !strings.Contains(got.stderr, "CAP_PERFMON") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, stdout %q, stderr %q; want a refusal that names CAP_PERFMON", got.status, got.stdout, got.stderr)
	}
	for _, timing := range []string{"socket", "user"} {
		got = asNobody(t, l, []uintptr{unix.CAP_NET_RAW}, "--json", "-n", "--timing", timing, target)
		if d := got.document(t); got.status != 0 || d.Timing != timing {
			t.Errorf("status %d, timing %q, want %s with CAP_NET_RAW alone\n%s", got.status, d.Timing, timing, got.stderr)
		}
	}
}
