package cli_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// start starts the container in the lab client's network, as --network host does.
func (c container) start(t *testing.T, l *lab.Lab, args ...string) *process {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command("/proc/self/exe", args...)}
	p.Env = []string{asContainer + "=" + string(text)}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	p.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS}
	return p.startAt(t, l)
}

// In a container that holds the static binary alone, with the capabilities that
// README.md names and no others, the times are the kernel's. With fewer, they are
// the next best, and the output says why.
func TestContainer(t *testing.T) {
	needsKernel(t, 6, 1, "receive stamps")
	l := chain(t, 2)
	file := builtProgram(t)
	tests := []struct {
		caps         []cap.Value
		timing, note string
	}{
		{[]cap.Value{cap.BPF, cap.PERFMON, cap.NET_ADMIN, cap.NET_RAW}, "kernel", ""},
		{[]cap.Value{cap.BPF, cap.NET_ADMIN, cap.NET_RAW}, "tcx+receive", "CAP_PERFMON"},
		{[]cap.Value{cap.NET_RAW}, "socket", "CAP_BPF"},
	}
	for _, tt := range tests {
		for _, uid := range []int{0, 65534} {
			t.Run(fmt.Sprintf("user %d with %v", uid, tt.caps), func(t *testing.T) {
				c := container{Root: t.TempDir(), File: file, UID: uid, Caps: tt.caps}
				got := c.start(t, l, "--json", "-n", l.Nodes()[3].V4.String()).end(t)
				if got.status != 0 || got.stderr != "" {
					t.Fatalf("status %d\n%s", got.status, got.stderr)
				}
				d := got.document(t)
				notes := strings.Join(d.Notes, "\n")
				if (tt.note == "") != (notes == "") || !strings.Contains(notes, tt.note) {
					t.Errorf("timing %q, notes %q; want %q and a note of %q", d.Timing, notes, tt.timing, tt.note)
				}
				checkComplete(t, l, d, expected{"in a container", "-4", tt.timing})
			})
		}
	}
}
