package loader

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// stepEnv allows the test to set the host's clock, for some milliseconds.
const stepEnv = "EBPFTRACE_TEST_STEP_CLOCK"

// A wall clock that jumps while probes are under way moves nothing: each sample
// has a sane time, and a stamp that the jump has spoilt is dropped.
func TestSteppedWallClock(t *testing.T) {
	if os.Getenv(stepEnv) == "" {
		t.Skip("sets the wall clock of the host: set " + stepEnv + "=1 to run it")
	}
	needs(t, "6.1", "the receive stamps that this is about")
	eachHooks(t, stepWallClock)
}

func stepWallClock(t *testing.T, n *network) {
	tr := n.trace(t, probe.UDP{}, false, 40030)
	w := readWall(t)
	defer w.step(t, 0)
	var ident, refined uint16
	for range 5 {
		for _, by := range []time.Duration{time.Hour, 0, -time.Hour, 0} {
			w.step(t, by)
			for range 4 {
				ident++
				refined += checkSane(t, tr, ident)
			}
		}
	}
	w.step(t, 0)
	counters, err := tr.Counters()
	must(t, err)
	t.Logf("%d of %d samples refined, %d stamps dropped", refined, ident, counters.ImpossibleStamps)
	if uint64(refined)+counters.ImpossibleStamps != uint64(ident) {
		t.Errorf("%d samples: %d refined, and counters are %+v", ident, refined, counters)
	}
}

// checkSane sends a probe, and returns 1 if its stamps were refined, else 0.
func checkSane(t *testing.T, tr *trace, ident uint16) uint16 {
	t.Helper()
	before := tr.probe(t, ident)
	answer, err := tr.Next(time.Now().Add(patience))
	must(t, err)
	after, err := socket.Now()
	must(t, err)
	rtt, timing, err := answer.Stamps.RTT()
	if err != nil || rtt <= 0 || rtt >= after.Sub(before) {
		t.Errorf("probe %d: %v by %s: %v", ident, rtt, timing.Name, err)
	}
	if answer.Stamps[stamp.Receive] == 0 {
		return 0
	}
	return 1
}

// wall is what the wall clock should say: CLOCK_MONOTONIC, which nobody can set,
// and this much more.
type wall struct{ ahead time.Duration }

func readWall(t *testing.T) wall {
	t.Helper()
	var mono, real unix.Timespec
	must(t, unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono))
	must(t, unix.ClockGettime(unix.CLOCK_REALTIME, &real))
	return wall{time.Duration(real.Nano() - mono.Nano())}
}

// step sets the wall clock to what it should say, and as much more.
func (w wall) step(t *testing.T, more time.Duration) {
	t.Helper()
	var mono unix.Timespec
	must(t, unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono))
	wrong := unix.NsecToTimespec(mono.Nano() + int64(w.ahead+more))
	must(t, unix.ClockSettime(unix.CLOCK_REALTIME, &wrong))
}
