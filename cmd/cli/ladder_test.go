package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// Whoever has no privilege at all traces all the same, with UDP and, where the
// host lets him, with echo requests. The output says by what, and why by no better.
func TestOrdinaryUser(t *testing.T) {
	l := chain(t, 1)
	letPing(t, l)
	for _, way := range ways[:4] { // not TCP
		target := address(l.Nodes()[2], strings.Contains(way.flags, "-6")).String()
		got := asNobody(t, l, nil, ebpftrace(way.flags, "--json", "-n", target)[1:]...)
		d := got.document(t)
		if got.status != 0 || d.Timing != "socket" || d.TimedBy != "sockets of an ordinary user" || len(d.Notes) != 2 {
			t.Errorf("%s: status %d, timed by %s (%s), notes %q\n%s", way.name, got.status, d.Timing, d.TimedBy, d.Notes, got.stderr)
		}
		for i, hop := range d.Hops {
			want := address(l.Nodes()[i+1], strings.Contains(way.flags, "-6"))
			for _, p := range hop.Probes {
				if p.Status != "answered" || p.From != want.String() || p.Source != "socket" || p.RTT <= 0 {
					t.Errorf("%s: %+v, want an answer of %v", way.name, p, want)
				}
			}
		}
	}
}

func letPing(t *testing.T, l *lab.Lab) {
	t.Helper()
	if got := within(t, l, "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647"); got.status != 0 {
		t.Fatal(got.stderr)
	}
}

// The rung is named in the first line, and with it why there is no better one.
func TestRungIsNamed(t *testing.T) {
	l := chain(t, 1)
	target := l.Nodes()[2].V4.String()
	for _, tt := range []struct {
		caps  []uintptr
		first string
		notes []string
	}{
		{allNeeded, fmt.Sprintf("timed by %s (eBPF by %s)", best(t), attachments(t)[0]), nil},
		{[]uintptr{unix.CAP_NET_RAW}, "timed by socket (raw sockets)", []string{"no eBPF: needs CAP_BPF and CAP_NET_ADMIN"}},
		{nil, "timed by socket (sockets of an ordinary user)", []string{
			"no eBPF: needs CAP_BPF and CAP_NET_ADMIN and CAP_NET_RAW", "no raw sockets: need CAP_NET_RAW",
		}},
	} {
		if tt.notes == nil && !newer(t, 5, 11) {
			continue // nobody's maps would count as locked memory, of which he has too little
		}
		got := asNobody(t, l, tt.caps, "-n", target)
		lines := strings.Split(got.stdout, "\n")
		if got.status != 0 || !strings.HasSuffix(lines[0], tt.first) {
			t.Errorf("status %d, first line %q, want it to end in %q\n%s", got.status, lines[0], tt.first, got.stderr)
		}
		for i, want := range tt.notes {
			if lines[2+i] != want {
				t.Errorf("line %q, want %q", lines[2+i], want)
			}
		}
	}
}

// Where there is no way at all, one line says why not, and what to do.
func TestNoRung(t *testing.T) {
	l := chain(t, 1)
	target := l.Nodes()[2].V4.String()
	for flags, want := range map[string]string{
		"-T":              "TCP probes need a raw socket",
		"-I":              "net.ipv4.ping_group_range",
		"--timing kernel": "setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep",
	} {
		got := asNobody(t, l, nil, append(strings.Fields(flags), target)...)
		if got.status != cli.ExitForbidden || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 ||
			!strings.Contains(got.stderr, want) || !strings.Contains(got.stderr, "CAP_BPF") {
			t.Errorf("%s: status %d, stderr %q, want %q", flags, got.status, got.stderr, want)
		}
	}
}
