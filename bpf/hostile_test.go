package bpf

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// total is what became of the packets of one attack.
type total struct {
	packets, ignored int
	counts
}

func (t *total) add(raised counts) {
	t.packets++
	if raised == (counts{}) {
		t.ignored++
	}
	for i, n := range raised {
		t.counts[i] += n
	}
}

func (t *total) log(tb testing.TB, name string) {
	tb.Helper()
	tb.Logf("%-16s %7d packets: %6d name a probe all the same and are reported, %7d unmatched, %6d of others, %6d malformed, %6d ignored",
		name, t.packets, t.counts[KernelCounterCOUNTER_ANSWERS], t.counts[KernelCounterCOUNTER_UNMATCHED],
		t.counts[KernelCounterCOUNTER_FOREIGN], t.counts[KernelCounterCOUNTER_MALFORMED], t.ignored)
}

// What was captured is reported, so the rest of this is about something. What comes
// again is a duplicate: see arena.audit.
func TestCapturedAnswersAreReported(t *testing.T) {
	for _, a := range arenas(t) {
		t.Run(a.name(), func(t *testing.T) {
			for range 3 {
				for _, answer := range a.answers {
					if c := a.admit(t, answer); c[KernelCounterCOUNTER_ANSWERS] != 1 {
						t.Errorf("counted %v: %x", c, answer)
					}
				}
			}
		})
	}
}

// Whatever comes, nothing is reported but what names a probe, and each packet is
// counted once or ignored: see arena.admit.
func TestHostileAnswers(t *testing.T) {
	all, random, totals := arenas(t), newRandom(t), make([]total, len(attacks))
	left := newBudget(t, 1+len(all), planned/len(all))
	for _, a := range append(all[:1:1], all...) { // the first tells how slow it is
		left.next(t)
		for i, attack := range attacks {
			a.depart(t)
			for _, answer := range a.answers {
				attack.packets(random, a.flow, answer, func(made func() []byte) {
					if left.allows(random) {
						a.attacked(t, attack, made(), &totals[i])
					}
				})
			}
		}
	}
	sum := 0
	for i := range attacks {
		totals[i].log(t, attacks[i].name)
		sum += totals[i].packets
	}
	t.Logf("%d packets made of %d flows: %s", sum, len(all), left)
}

func (a *arena) attacked(tb testing.TB, attack attack, packet []byte, t *total) {
	if !runnable(packet) {
		return
	}
	raised := a.admit(tb, packet)
	if attack.hopeless && raised[KernelCounterCOUNTER_ANSWERS] != 0 {
		tb.Fatalf("%s, and reported: %x", attack.name, packet)
	}
	t.add(raised)
}

// runnable reports whether BPF_PROG_TEST_RUN takes the packet: newer kernels refuse
// one without a whole IP header. TestHostileFrames sends those.
func runnable(packet []byte) bool {
	return len(packet) >= 40 || len(packet) >= 20 && !isIPv6(packet)
}

// newRandom returns numbers that are the same in every run, unless
// EBPFTRACE_TEST_SEED asks for others.
func newRandom(tb testing.TB) *rand.Rand {
	tb.Helper()
	seed := uint64(1)
	if s := os.Getenv("EBPFTRACE_TEST_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 0, 64)
		must(tb, err)
		seed = n
	}
	tb.Logf("EBPFTRACE_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
