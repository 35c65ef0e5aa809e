package cli_test

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// asTraceroute returns what traceroute(8) and this program write of a scenario, a
// line for each hop and more.
func asTraceroute(t *testing.T, scenario, flag string, ours ...string) (theirLines, ourLines []string) {
	t.Helper()
	needsRoot(t)
	if _, err := exec.LookPath("traceroute"); err != nil {
		t.Skip("needs traceroute, of Debian's traceroute, to agree with")
	}
	s := simtest.Load(t, scenario)
	front, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	theirs := within(t, front.Lab, "traceroute", "-n", "-q", "1", flag, "target.lab")
	our := within(t, front.Lab, append(ebpftrace("-n -q 1", ours...), "target.lab")...)
	return strings.Split(theirs.stdout, "\n"), strings.Split(our.stdout, "\n")
}

// objects matches what both write in the same form: labels, and unknown objects.
var objects = regexp.MustCompile(`(MPLS|200/1):[^;>\s]+`)

// Labels and unknown objects read as traceroute(8) -e writes them.
func TestExtensionsAsTraceroute(t *testing.T) {
	for name, want := range map[string]int{"mpls": 3, "extensions": 3} {
		theirs, ours := asTraceroute(t, name, "-e")
		all := objects.FindAllString(strings.Join(theirs, "\n"), -1)
		if got := objects.FindAllString(strings.Join(ours, "\n"), -1); !slices.Equal(got, all) || len(all) != want {
			t.Errorf("%s: %q, traceroute has %q, want %d", name, got, all, want)
		}
	}
}

// The ways back are as long as traceroute(8) --back has them, which tells those
// that differ from the way there.
func TestBackAsTraceroute(t *testing.T) {
	for name, want := range map[string]int{"clean": 0, "long_way_back": 2} {
		theirs, ours := asTraceroute(t, name, "--back", "--back")
		differ := regexp.MustCompile(`^ *(\d+) .*'-(\d+)'`)
		var all, got []string
		for _, line := range theirs {
			if m := differ.FindStringSubmatch(line); m != nil {
				all = append(all, m[1]+" "+m[2])
			}
		}
		back := regexp.MustCompile(`^ *(\d+)  (\d+) hops? back`)
		for _, line := range ours {
			if m := back.FindStringSubmatch(line); m != nil && m[1] != m[2] {
				got = append(got, fmt.Sprint(m[1], " ", m[2]))
			}
		}
		if !slices.Equal(got, all) || len(all) != want {
			t.Errorf("%s: hop and hops back %q, traceroute has %q, want %d", name, got, all, want)
		}
	}
}
