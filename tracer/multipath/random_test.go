package multipath

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// randomScenario returns a network of layers, with links from each node to some of
// the next layer and now and then one beyond, and habits of all kinds.
func randomScenario(t *testing.T, random *rand.Rand) *sim.Scenario {
	t.Helper()
	var layers [][]string
	for range 2 + random.IntN(5) {
		var layer []string
		for i := range 1 + random.IntN(4) {
			layer = append(layer, fmt.Sprintf("n%d_%d", len(layers)+1, i+1))
		}
		layers = append(layers, layer)
	}
	layers = append(layers, []string{"target"})
	layers[0] = layers[0][:1]
	// A silent router among several that are chosen per packet cannot be seen: what
	// it swallows looks lost, as another try takes another way.
	hidden := []string{"packet", "random"}
	if random.IntN(2) == 0 {
		hidden = []string{"silent"}
	}
	var nodes, links strings.Builder
	for at, layer := range layers {
		for i, name := range layer {
			fmt.Fprintf(&nodes, "[[node]]\nname = %q\ndelay = \"%dms\"\n", name, 1+random.IntN(3))
			if name == "target" {
				nodes.WriteString("v4 = \"203.0.113.10\"\nv6 = \"2001:db8:ffff::10\"\n")
				continue
			}
			fmt.Fprintf(&nodes, "v4 = \"198.18.%d.%d\"\nv6 = \"2001:db8:%d::%d\"\n", at+1, i+1, at+1, i+1)
			next := randomNext(random, layers[at+1:])
			fmt.Fprintf(&nodes, "next = [%s]\n%s", strings.Join(next, ", "), randomHabit(random, at, hidden))
			for _, n := range next {
				fmt.Fprintf(&links, "[%q, %s],", name, n)
			}
		}
	}
	return parse(t, fmt.Sprintf("entry = \"n1_1\"\ntarget = \"target\"\n%s[truth]\nlinks = [%s]", &nodes, &links))
}

func randomNext(random *rand.Rand, layers [][]string) (next []string) {
	for _, name := range layers[0] {
		if random.IntN(2) == 0 {
			next = append(next, strconv.Quote(name))
		}
	}
	if len(layers) > 1 && random.IntN(8) == 0 {
		next = append(next, strconv.Quote(layers[1][0]))
	}
	if len(next) == 0 {
		next = append(next, strconv.Quote(layers[0][0]))
	}
	return next
}

func randomHabit(random *rand.Rand, at int, but []string) string {
	habits := []string{
		"silent = true", `balance = "packet"`, `balance = "random"`, `balance = "destination"`,
		"answer_loss = 0.1", "loss = 0.05", "rate_limit = { rate = 20.0, burst = 5 }", `unreachable = "host"`,
	}
	habit := habits[random.IntN(len(habits))]
	plain := random.IntN(3) > 0 || at < 2 && strings.HasPrefix(habit, "unreachable")
	for _, b := range but {
		plain = plain || strings.Contains(habit, b)
	}
	if plain {
		return ""
	}
	return habit + "\n"
}

// TestRandomGraphs: whatever the network, a run comes to an end by itself, and links
// that it calls sure are there.
func TestRandomGraphs(t *testing.T) {
	many := 60
	if n, err := strconv.Atoi(os.Getenv("MANY")); err == nil {
		many = n
	}
	for seed := range uint64(many) {
		t.Run(strconv.Itoa(int(seed)), func(t *testing.T) {
			inBubble(t, func(t *testing.T) { randomGraph(t, seed) })
		})
	}
}

func randomGraph(t *testing.T, seed uint64) {
	s := randomScenario(t, rand.New(rand.NewPCG(seed, 7)))
	w := ways()[seed%6]
	tr := trace(t, s, w, seed, Config{Full: seed%2 == 0, Destinations: int(seed % 3 * 10)})
	if tr.doubts(NoTime) || tr.stuck {
		t.Errorf("%v: took %v, stuck %v", w, tr.Elapsed, tr.stuck)
	}
	for _, wrong := range missed(tr.found(false), truth(s, 30)) {
		if !strings.Contains(wrong, "*") { // where answers are lost, anybody may be silent
			t.Errorf("%v: no link %s", w, wrong)
		}
	}
	checkBooks(t, tr)
}

// checkBooks: nothing that was sent or heard goes unmentioned.
func checkBooks(t *testing.T, tr traced) {
	t.Helper()
	probes, answered := 0, 0
	for _, n := range tr.Nodes {
		answered += n.Answered
		probes += n.Probes
	}
	heard := 0
	for _, p := range tr.Probes {
		if p.State.Heard() {
			heard++
		}
	}
	if len(tr.Probes) != tr.Tally.Sent+tr.Tally.NotSent || tr.Spent != tr.Tally.Sent {
		t.Errorf("%d probes, %d spent, tally %+v", len(tr.Probes), tr.Spent, tr.Tally)
	}
	if heard+tr.Tally.Lost+tr.Tally.Awaited != tr.Tally.Sent {
		t.Errorf("%d answers, tally %+v", heard, tr.Tally)
	}
	if answered+tr.Tally.Beyond != heard {
		t.Errorf("%d answers at nodes of %d, tally %+v", answered, heard, tr.Tally)
	}
}
