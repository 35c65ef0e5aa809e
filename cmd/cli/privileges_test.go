package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// silence is a network that lets a trace run until it is told to end.
func silence(t *testing.T) *lab.Front {
	t.Helper()
	needsRoot(t)
	s := simtest.Load(t, "all_silent")
	front, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	return front
}

// waiting starts a trace into silence, and returns once the first probe is out.
func waiting(t *testing.T, front *lab.Front, w who, flags ...string) *process {
	t.Helper()
	before := front.Counters().In
	target, _ := front.Node(lab.Target)
	p := w.command(append(flags, "-n", "-w", "30", target.V4.String())...).startAt(t, front.Lab)
	await(t, "a probe", func() bool { return front.Counters().In > before })
	return p
}

var privilegeLine = regexp.MustCompile(`(?m)^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):\s*0*(\S+)$`)

// held returns what the threads of a process may do: by field of
// /proc/PID/task/TID/status, each value that some thread has.
func held(t *testing.T, pid int) map[string][]string {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, path := range threads {
		status, err := os.ReadFile(path)
		if err != nil {
			continue // a thread that has ended
		}
		for _, m := range privilegeLine.FindAllStringSubmatch(string(status), -1) {
			if !slices.Contains(all[m[1]], m[2]) {
				all[m[1]] = append(all[m[1]], m[2])
			}
		}
	}
	return all
}

// While it traces, every thread has no capability left, or the one that clsact
// filters take to be removed, and no way to get another: whoever started it.
func TestPrivilegesWhileTracing(t *testing.T) {
	front := silence(t)
	filters := uint64(1) << unix.CAP_NET_ADMIN
	guards := fmt.Sprintf("%x", filters)
	if !newer(t, 5, 19) {
		filters |= 1 << unix.CAP_BPF // to read counters with
	}
	clsact := fmt.Sprintf("%x", filters)
	tests := []struct{ flags, left string }{
		{"--attach clsact", clsact}, {"--attach clsact --stamps", clsact}, {"--timing socket", "0"}, {"--timing user -T", "0"},
	}
	if newer(t, 6, 6) {
		tests = append(tests, []struct{ flags, left string }{
			{"--timing auto", "0"}, {"--timing kernel --stamps", "0"}, {"--timing tcx -I", "0"},
		}...)
	}
	for name, w := range map[string]who{"root": root, "nobody": {somebody(t).file, 65534, allNeeded}} {
		for _, tt := range tests {
			t.Run(name+" "+tt.flags, func(t *testing.T) {
				p := waiting(t, front, w, strings.Fields(tt.flags)...)
				if wrong := excess(held(t, p.Process.Pid), tt.left, name == "root"); wrong != "" {
					t.Error(wrong)
				}
				all := children(p.Process.Pid)
				if filters := strings.Contains(tt.flags, "clsact"); filters != (len(all) == 1) {
					t.Errorf("%d children, want a guard where there are filters", len(all))
				}
				for _, guard := range all { // which has only been started
					await(t, "a guard with CAP_NET_ADMIN alone", func() bool {
						return excess(held(t, guard), guards, name == "root") == ""
					})
				}
				p.signal(t, os.Interrupt)
				if got := p.end(t); got.status != 1 || got.stderr != "" || !strings.Contains(got.stdout, "interrupted") {
					t.Errorf("status %d, want 1 and what is known\n%s%s", got.status, got.stdout, got.stderr)
				}
			})
		}
	}
}

// excess says which threads hold other than what should be left. Who had
// CAP_SETPCAP, as root does, has emptied the bounding set besides.
func excess(got map[string][]string, left string, bounds bool) (wrong string) {
	want := map[string]string{"CapEff": left, "CapPrm": left, "CapAmb": "0", "NoNewPrivs": "1"}
	if bounds {
		want["CapBnd"] = "0"
	}
	for field, value := range want {
		if !slices.Equal(got[field], []string{value}) {
			wrong += fmt.Sprintf("%s is %v in some thread, want %s in all\n", field, got[field], value)
		}
	}
	return wrong
}

// With CAP_NET_RAW alone, raw sockets take the times: the document says so and why,
// and so does each sample. Who asked for more by name is refused.
func TestRawSocketsAreNamed(t *testing.T) {
	l := chain(t, 1)
	target := l.Nodes()[2].V4.String()
	netRaw := []uintptr{unix.CAP_NET_RAW}
	got := asNobody(t, l, netRaw, "--json", "-n", target)
	d := got.document(t)
	checkComplete(t, l, d, expected{"raw sockets", "-4", "socket"})
	if got.status != 0 || d.Timing != "socket" || d.TimedBy != "raw sockets" || len(d.Notes) != 1 {
		t.Errorf("status %d, timing %q by %q, notes %q; want socket by raw sockets, and why", got.status, d.Timing, d.TimedBy, d.Notes)
	}
	for _, want := range []string{"no eBPF", "CAP_BPF", "CAP_NET_ADMIN"} {
		if note := strings.Join(d.Notes, "\n"); !strings.Contains(note, want) {
			t.Errorf("the note %q does not name %s", note, want)
		}
	}
	for _, timing := range []string{"kernel", "tcx"} {
		got := asNobody(t, l, netRaw, "--timing", timing, target)
		if got.status != cli.ExitForbidden || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 ||
			!strings.Contains(got.stderr, "CAP_BPF") {
			t.Errorf("--timing %s: status %d, stdout %q, stderr %q; want a refusal in one line",
				timing, got.status, got.stdout, got.stderr)
		}
	}
}
