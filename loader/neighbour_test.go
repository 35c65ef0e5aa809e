package loader

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Foreign programs in front of ours and behind see every packet that they see
// without us, whatever ways they and we are attached in.
func TestNeighboursSeeEverything(t *testing.T) {
	for _, kinds := range [][]Hooks{{TCX}, {Clsact}, {TCX, Clsact}} {
		var name []string
		for _, kind := range kinds {
			name = append(name, string(kind))
		}
		t.Run(strings.Join(name, "+"), func(t *testing.T) {
			if slices.Contains(kinds, TCX) {
				needs(t, "6.6", "tcx")
			}
			eachHooks(t, func(t *testing.T, n *network) { besideNeighbours(t, n, kinds) })
		})
	}
}

func besideNeighbours(t *testing.T, n *network, kinds []Hooks) {
	tr := n.prepare(t, probe.UDP{}, false, 40016)
	all := make(neighbours)
	all.hang(t, n, kinds)
	all.checkExchange(t, tr, "no session")
	n.open(t, tr, Options{})
	all.hang(t, n, kinds)
	if slices.Contains(kinds, n.hooks) {
		checkBetween(t, n)
	}
	all.checkExchange(t, tr, "a session")
	for range burst {
		answer, err := tr.Next(time.Now().Add(patience))
		must(t, err)
		tr.checkPromised(t, answer.Stamps)
	}
	checkCounters(t, tr, tracer.Counters{Probes: burst, Answers: burst, Foreign: burst})
	must(t, tr.Close())
	all.checkExchange(t, tr, "a closed session")
}

// checkBetween checks that there is a program of ours, and foreign ones at both
// sides of it.
func checkBetween(t *testing.T, n *network) {
	t.Helper()
	for _, where := range places {
		ids := attached(t, n.index, n.hooks, where)
		if len(ids) != 3 || isOurs(t, ids[0]) || !isOurs(t, ids[1]) || isOurs(t, ids[2]) {
			t.Errorf("ours is not between two of programs %v at %v", ids, where)
		}
	}
}

// neighbours are foreign programs, by their places.
type neighbours map[ebpf.AttachType][]counter

// hang attaches one of each kind to each place, in front of all.
func (all neighbours) hang(t *testing.T, n *network, kinds []Hooks) {
	t.Helper()
	for _, where := range places {
		for _, kind := range kinds {
			c := newCounter(t, goOn)
			hang(t, n, kind, where, c)
			all[where] = append(all[where], c)
		}
	}
}

// burst is how many probes, and how many foreign packets, are sent at a time. The
// far end answers each.
const burst = 20

// checkExchange sends a burst of each, and checks that each neighbour sees every
// packet once.
func (all neighbours) checkExchange(t *testing.T, tr *trace, beside string) {
	t.Helper()
	before := make(map[counter]uint64)
	for _, c := range slices.Concat(all[ebpf.AttachTCXIngress], all[ebpf.AttachTCXEgress]) {
		before[c] = c.count(t)
	}
	exchange(t, tr)
	for where, counters := range all {
		for i, c := range counters {
			if seen := c.await(t, before[c]+2*burst) - before[c]; seen != 2*burst {
				t.Errorf("beside %s, neighbour %d at %v saw %d packets of %d", beside, i, where, seen, 2*burst)
			}
		}
	}
}

func exchange(t *testing.T, tr *trace) {
	t.Helper()
	foreign, err := net.ListenUDP("udp4", nil)
	must(t, err)
	defer foreign.Close()
	for ident := range uint16(burst) {
		tr.probe(t, ident+1)
		_, err := foreign.WriteToUDPAddrPort([]byte("foreign"), netip.AddrPortFrom(tr.flow.Target, 9))
		must(t, err)
	}
}

// await waits until the program has seen that many packets, for so long as it may
// take at most, and returns how many it has.
func (c counter) await(t *testing.T, packets uint64) uint64 {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if n := c.count(t); n >= packets || time.Now().After(deadline) {
			return n
		}
	}
}
