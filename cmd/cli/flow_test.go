package cli_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// The command that --multipath tells repeats each flow's path, hop by hop. In the
// simulated network, balancers look at all that a flow differs in.
func TestFlowRepeatsItsPath(t *testing.T) {
	needsRoot(t)
	t.Parallel()
	s := simtest.Load(t, "diamond_4")
	front, err := lab.Simulated(t.Context(), s, 7)
	if err != nil {
		t.Fatal(err)
	}
	defer front.Close()
	for _, way := range ways {
		for _, timing := range []string{"auto", "socket"} {
			t.Run(way.name+" "+timing, func(t *testing.T) { repeatFlows(t, front.Lab, way.flags+" --timing "+timing) })
		}
	}
}

// So it does where Linux balances.
func TestFlowRepeatsItsPathByECMP(t *testing.T) {
	b := branched(t, lab.DiamondOptions{Branches: diamonds["4"]})
	for _, way := range ways {
		if way.protocol != "icmp" { // of which all flows go one way: see TestECMPByOtherThanPorts
			t.Run(way.name, func(t *testing.T) { repeatFlows(t, b.Lab, way.flags) })
		}
	}
}

// repeatFlows finds all paths, and repeats flows until each way has been gone: three
// at least.
func repeatFlows(t *testing.T, l *lab.Lab, flags string) {
	t.Helper()
	got := within(t, l, ebpftrace(flags, "--multipath", "--json", "-n", "target.lab")...)
	d := got.multipath(t)
	gone := map[string]bool{}
	for _, f := range d.Flows {
		want := d.path(f.Flow)
		if gone[want[3]] || want[3] == "" || len(gone) == 4 {
			continue
		}
		gone[want[3]] = true
		command := strings.Replace(d.Repeat.Command, "--flow N", "--flow "+strconv.Itoa(f.Flow), 1)
		again := within(t, l, append(strings.Fields(command), "--json", "-n")...).document(t)
		for _, hop := range again.Hops {
			for _, p := range hop.Probes {
				if want[hop.TTL] != "" && p.From != want[hop.TTL] {
					t.Errorf("%s: flow %d, hop %d: answered by %q, want %s", command, f.Flow, hop.TTL, p.From, want[hop.TTL])
				}
			}
		}
		if !again.Reached {
			t.Errorf("%s: not reached: %s", command, again.Error)
		}
	}
	if len(gone) < 3 {
		t.Errorf("only %d ways: %v", len(gone), gone)
	}
}
