package loader

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
	"github.com/ebpftrace/ebpftrace/loader/clsact"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// stay is a child that holds a session open.
func stay(o Options) (string, error) {
	if _, err := Open(o); err != nil {
		return "", err
	}
	ready()
	time.Sleep(time.Minute)
	return "nobody killed me", nil
}

// openAgain is a child that opens and closes sessions.
func openAgain(o Options) (string, error) {
	ready()
	for start := time.Now(); time.Since(start) < time.Minute; {
		s, err := Open(o)
		if err != nil {
			return "", err
		}
		if err := s.Close(); err != nil {
			return "", err
		}
	}
	return "nobody killed me", nil
}

// Of a killed session nothing stays, or with clsact what the next one removes.
func TestKilled(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		before := disciplines(t, n.index)
		v := n.start(t, "stay")
		checkOurs(t, n, 1, 1)
		held := n.objects(t)
		if len(held.programs) != 3 {
			t.Errorf("a session has %d programs", len(held.programs))
		}
		checkTimestampHolders(t, newer(t, "6.1"))
		v.kill()
		checkTimestampHolders(t, false)
		if n.hooks == Clsact {
			n.checkLeftovers(t, 2)
			n.openAndClose(t)
			n.checkLeftovers(t, 0)
		}
		checkOurs(t, n, 0, 0)
		checkSame(t, "queueing disciplines", disciplines(t, n.index), before)
		held.checkFreed(t)
	})
}

// checkTimestampHolders checks whether there is a socket that has the host stamp
// packets: the only one of UDP in this network namespace.
func checkTimestampHolders(t *testing.T, want bool) {
	t.Helper()
	udp, err := os.ReadFile("/proc/thread-self/net/udp")
	must(t, err)
	if got := bytes.Count(udp, []byte("\n")) > 1; got != want {
		t.Errorf("a holder of timestamps is there: %v, want %v\n%s", got, want, udp)
	}
}

// checkLeftovers checks how many filters killed runs have left, but for that which
// marks the discipline.
func (n *network) checkLeftovers(t *testing.T, want int) {
	t.Helper()
	names, err := clsact.Leftovers(n.index)
	must(t, err)
	if got := max(len(names)-1, 0); got != want {
		t.Errorf("left over is %q, and not %d filters", names, want)
	}
}

func (n *network) openAndClose(t *testing.T) {
	t.Helper()
	s, err := Open(Options{Interface: n.index, Hooks: n.hooks, Stamps: TCXOnly})
	must(t, err)
	must(t, s.Close())
}

// A run may be killed while it opens or closes a session, too. One that lives
// beside it loses nothing.
func TestKilledAtAnyMoment(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		before := disciplines(t, n.index)
		living := n.trace(t, probe.UDP{}, false, 40019)
		rounds := map[bool]uint16{false: 10, true: 3}[machinetest.Emulated()] // to start a child takes a second there
		for ident := range rounds {
			v := n.start(t, "again")
			time.Sleep(rand.N(40 * time.Millisecond))
			v.kill()
			living.send(t, ident+1)
			n.openAndClose(t)
			checkOurs(t, n, 1, 1)
		}
		must(t, living.Close())
		checkOurs(t, n, 0, 0)
		checkSame(t, "queueing disciplines", disciplines(t, n.index), before)
	})
}
