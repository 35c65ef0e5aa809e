package bpf

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// affordable is how much CPU time the packets of one test may take. A machine that
// runs the programs too slowly for all of them (an emulated one) tries some.
const affordable = 15 * time.Second

// budget tells which packets are tried, so that all parts of a test get their share
// of the time, however slow the machine turns out to be. The first part tries few.
type budget struct {
	end, since     time.Duration // of the test, and the start of this part, in CPU time
	parts, planned int           // parts to come, and packets in each
	keep, most     float64       // share that is tried, of this part's packets and of any's
	tried, all     int           // packets so far
	before         int           // tried in the parts before this one
}

func newBudget(tb testing.TB, parts, planned int) *budget {
	tb.Helper()
	b := &budget{end: cpuTime(tb) + affordable, parts: parts, planned: planned, most: 1}
	if testing.Short() {
		b.most = 0.05
	}
	b.keep = b.most / 20
	return b
}

// next begins another part. How long a packet takes, the part before has shown.
func (b *budget) next(tb testing.TB) {
	tb.Helper()
	now := cpuTime(tb)
	if tried := b.tried - b.before; tried > 0 {
		each := float64(now-b.since) / float64(tried)
		b.keep = min(b.most, max(0, float64(b.end-now))/float64(b.parts)/each/float64(b.planned))
	}
	b.since, b.before = now, b.tried
	b.parts--
}

// cpuTime returns what this process has used: others may be running beside it.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used unix.Rusage
	must(tb, unix.Getrusage(unix.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// allows reports whether to try the next packet.
func (b *budget) allows(r *rand.Rand) bool {
	b.all++
	if b.keep < 1 && r.Float64() >= b.keep {
		return false
	}
	b.tried++
	return true
}

func (b *budget) String() string { return fmt.Sprintf("tried %d of %d", b.tried, b.all) }
