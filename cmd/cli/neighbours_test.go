package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// mixtures are the six tracers of a round. The first one is of all sorts.
var mixtures = []struct {
	name string
	all  []string
}{
	{"every way", []string{"-4", "-6", "-4 -I", "-6 -I", "-4 -T", "-6 -T"}},
	{"udp alone", []string{"-4", "-4", "-4", "-6", "-6", "-6"}},
	{"icmp alone", []string{"-4 -I", "-4 -I", "-4 -I", "-6 -I", "-6 -I", "-6 -I"}},
	{"tcp alone", []string{"-4 -T", "-4 -T", "-4 -T", "-6 -T", "-6 -T", "-6 -T"}},
}

// Of six tracers of one target at once, each finds all answers to its own probes
// and takes none of the others' for its own, however programs are attached, and
// where sockets do the work.
func TestNeighbours(t *testing.T) {
	l := chain(t, 4)
	tests := []struct {
		flags, source string
		rounds        int
	}{
		{"--timing socket", "socket", 2}, {"--attach clsact", best(t), 2}, {"--attach tcx", best(t), len(mixtures)},
	}
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			if strings.Contains(tt.flags, "tcx") {
				needsTCX(t)
			}
			others := 0
			for _, round := range mixtures[:tt.rounds] {
				for i, d := range atOnce(t, l, tt.flags, round.all) {
					label := fmt.Sprintf("%s: tracer %d of %q", round.all[i], i+1, round.name)
					others += checkAmongNeighbours(t, l, d, expected{label, round.all[i], tt.source})
				}
			}
			if others == 0 {
				t.Error("no tracer saw an answer to another's probe, so they did not run at once")
			}
			t.Logf("%d answers to the others' probes were seen, and taken by none", others)
		})
	}
}

// atOnce runs a tracer for each way and returns what they say.
func atOnce(t *testing.T, l *lab.Lab, flags string, ways []string) []document {
	t.Helper()
	documents := make([]document, len(ways))
	var all sync.WaitGroup
	for i, way := range ways {
		all.Go(func() {
			got := within(t, l, ebpftrace(flags+" "+way, "--json", "-n", "target.lab")...)
			if got.status != 0 || got.stderr != "" {
				t.Errorf("%s %s: status %d\n%s", flags, way, got.status, got.stderr)
			}
			documents[i] = got.document(t)
		})
	}
	all.Wait()
	return documents
}

// harmless are the counters that may be other than 0 in a trace that misses
// nothing beside others.
var harmless = []string{"probes_stamped", "answers", "probes_sent", "probes_beyond_end", "foreign"}

// expected is what a complete trace looks like.
type expected struct {
	label  string
	flags  string // -6 among them asks for IPv6
	source string // of every time; empty: any
}

// checkAmongNeighbours returns how many answers the tracer saw that were others'.
func checkAmongNeighbours(t *testing.T, l *lab.Lab, d document, want expected) int {
	t.Helper()
	checkComplete(t, l, d, want)
	for name, n := range d.Counters {
		if n != 0 && !slices.Contains(harmless, name) {
			t.Errorf("%s: %s: %d, want none", want.label, name, n)
		}
	}
	if answers, sent := d.Counters["answers"], d.Counters["probes_sent"]; answers > sent {
		t.Errorf("%s: %d answers to %d probes", want.label, answers, sent)
	}
	return d.Counters["foreign"]
}

// checkComplete wants each router of the chain and the target to have answered
// each of three probes.
func checkComplete(t *testing.T, l *lab.Lab, d document, want expected) {
	t.Helper()
	nodes := l.Nodes()[1:]
	if !d.Reached || len(d.Hops) != len(nodes) {
		t.Errorf("%s: reached %v in %d hops, want %d", want.label, d.Reached, len(d.Hops), len(nodes))
		return
	}
	for i, hop := range d.Hops {
		from := address(nodes[i], strings.Contains(want.flags, "-6")).String()
		if len(hop.Probes) != 3 {
			t.Errorf("%s: hop %d: %d probes, want 3", want.label, hop.TTL, len(hop.Probes))
		}
		for _, p := range hop.Probes {
			if p.Status != "answered" || p.From != from || p.RTT <= 0 || want.source != "" && p.Source != want.source {
				t.Errorf("%s: hop %d: %+v, want an answer of %s, timed by %s", want.label, hop.TTL, p, from, want.source)
			}
		}
	}
}
