package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// needProgram skips the test where the program of that package is missing, and
// fails it in continuous integration, which has to install it.
func needProgram(t *testing.T, name, pkg string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: apt-get install %s", name, pkg)
	}
	t.Skipf("%s is missing: apt-get install %s", name, pkg)
}

// pathOf returns the lines that hops of a lab must begin with: what is, for
// hop number i and its node, in form.
func pathOf(nodes []lab.Node, form func(i int, n lab.Node) string) (lines []string) {
	for i, n := range nodes[1:] {
		lines = append(lines, form(i+1, n))
	}
	return lines
}

// checkLines reports output whose lines, without leading space, do not begin as
// wanted, in order.
func checkLines(t *testing.T, out string, want []string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), out)
	}
	for i, line := range lines {
		if !strings.HasPrefix(strings.TrimSpace(line), want[i]) {
			t.Errorf("line %q, want %q", line, want[i])
		}
	}
}

// traceroute(8) finds each node of a chain at its place, by name and address.
func TestTraceroute(t *testing.T) {
	needProgram(t, "traceroute", "traceroute")
	l := newChain(t, 5)
	for _, tt := range []struct {
		name string
		args []string
		v6   bool
	}{
		{"IPv4", []string{"-4"}, false},
		{"IPv6", []string{"-6"}, true},
		{"IPv4 by ICMP", []string{"-4", "-I"}, false},
		{"IPv6 by TCP", []string{"-6", "-T"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			argv := append([]string{"traceroute", "-q", "1", "target.lab"}, tt.args...)
			status, out := output(t, l, argv...)
			_, hops, _ := strings.Cut(out, "\n") // below the heading
			if status != 0 {
				t.Fatalf("status %d", status)
			}
			checkLines(t, hops, pathOf(l.Nodes(), func(i int, n lab.Node) string {
				address := n.V4
				if tt.v6 {
					address = n.V6
				}
				return fmt.Sprintf("%d  %s.lab (%v)  ", i, n.Name, address)
			}))
		})
	}
}

// mtr(8), whose packets a second process sends, finds them too.
func TestMTR(t *testing.T) {
	needProgram(t, "mtr", "mtr-tiny")
	l := newChain(t, 5)
	for _, family := range []string{"-4", "-6"} {
		status, out := output(t, l, "mtr", family, "-r", "-w", "-c", "1", "-i", "0.1", "-G", "0.5", "target.lab")
		if status != 0 {
			t.Fatalf("%s: status %d", family, status)
		}
		_, table, _ := strings.Cut(out, "StDev\n")
		checkLines(t, table, pathOf(l.Nodes(), func(i int, n lab.Node) string {
			return fmt.Sprintf("%d.|-- %s.lab ", i, n.Name)
		}))
	}
}

// traceroute(8) finds the nodes of a simulated network as well.
func TestTracerouteSimulated(t *testing.T) {
	needProgram(t, "traceroute", "traceroute")
	s, f := newSimulated(t, "clean")
	for _, family := range []string{"-4", "-6"} {
		_, out := output(t, f.Lab, "traceroute", family, "-q", "1", "-w", "1", "target.lab")
		_, hops, _ := strings.Cut(out, "\n")
		var want []string
		for i, h := range s.Truth.Hops {
			want = append(want, fmt.Sprintf("%d  %s.lab (", i+1, h.Nodes[0]))
		}
		checkLines(t, hops, want)
	}
}
