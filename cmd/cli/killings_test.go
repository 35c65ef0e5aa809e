package cli_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// killings kills a tracer again and again, each time somewhere between its start
// and its end.
type killings struct {
	*testing.T
	lab   *lab.Lab
	who   who
	flags []string
	pins  []string
	span  time.Duration // that it takes when it is let alone
	moments
}

// moments tells when tracers were killed.
type moments struct {
	all, loaded, hooked, guarded int
}

func newKillings(t *testing.T, flags ...string) *killings {
	t.Helper()
	l := chain(t, 3)
	k := &killings{T: t, lab: l, who: somebody(t), pins: pinned()}
	k.flags = append(flags, "-n", l.Nodes()[4].V4.String())
	start := time.Now()
	if got := k.who.command(k.flags...).startAt(t, l).end(t); got.status != 0 {
		t.Fatalf("status %d\n%s", got.status, got.stderr)
	}
	k.span = min(time.Since(start), 300*time.Millisecond)
	checkNothingLeft(t, "a trace", k.remains(kernelObjects{}))
	return k
}

func (k *killings) remains(had kernelObjects) []string {
	k.Helper()
	return remains(k.T, k.lab, k.who, had, k.pins)
}

// death is what there was when a tracer was killed.
type death struct {
	kernelObjects
	hooked  bool // something hung on the interface
	guarded bool // there was a guard
}

func (k *killings) kill() (d death) {
	k.Helper()
	p := k.who.command(k.flags...).startAt(k.T, k.lab)
	time.Sleep(rand.N(k.span))
	if k.all%2 == 1 { // not sooner than something is attached
		for end := time.Now().Add(k.span); time.Now().Before(end) && len(hooked(k.T, k.lab)) == 0; {
			time.Sleep(time.Millisecond)
		}
	}
	d.guarded = len(guardsOf(k.who.uid)) > 0
	d.hooked = len(hooked(k.T, k.lab)) > 0
	d.kernelObjects = loadedBy(k.who.uid)
	p.Process.Kill() // an error says that it is over
	p.end(k.T)
	k.moments.add(d)
	return d
}

func (m *moments) add(d death) {
	m.all++
	if len(d.programs) > 0 {
		m.loaded++
	}
	if d.hooked {
		m.hooked++
	}
	if d.guarded {
		m.guarded++
	}
}

// killers is how many kill at the same time.
const killers = 2

// eachKiller runs a test for several killers at once, and tells what moments they
// found.
func eachKiller(t *testing.T, flags []string, test func(*killings)) (sum moments) {
	t.Helper()
	needsRoot(t)
	all := make([]killings, killers)
	t.Run("at once", func(t *testing.T) {
		for i := range all {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				all[i] = *newKillings(t, flags...)
				test(&all[i])
			})
		}
	})
	for _, k := range all {
		sum.all, sum.loaded = sum.all+k.all, sum.loaded+k.loaded
		sum.hooked, sum.guarded = sum.hooked+k.hooked, sum.guarded+k.guarded
	}
	t.Logf("%d killed within %v: %d with programs loaded, %d with some attached, %d with a guard",
		sum.all, all[0].span, sum.loaded, sum.hooked, sum.guarded)
	if sum.hooked == 0 {
		t.Error("no kill was while something was attached")
	}
	return sum
}
