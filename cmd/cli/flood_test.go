package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// floodTime is how long traces are repeated in a flood, at the most.
const floodTime = 2 * time.Second

// samples are the times of a trace's probes, in nanoseconds.
type samples struct{ kernel, user []int64 }

// add takes in a trace, whose times have to lie in their order: that of the kernel
// above nothing, and that of the process, which holds it, above that of the kernel.
func (s *samples) add(t *testing.T, label string, d document) {
	t.Helper()
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			s.kernel = append(s.kernel, p.RTT)
			send, receive := p.Stamps["user_send"], p.Stamps["user_receive"]
			if receive == 0 { // the socket's queue was full of foreign packets
				continue
			}
			s.user = append(s.user, receive-send)
			if p.RTT <= 0 || p.RTT >= receive-send {
				t.Errorf("%s: hop %d: %d ns by %s, want it between 0 and %d ns", label, hop.TTL, p.RTT, p.Source, receive-send)
			}
		}
	}
}

func (s *samples) String() string {
	return fmt.Sprintf("%d by kernel, median %v; %d by user, median %v",
		len(s.kernel), median(s.kernel), len(s.user), median(s.user))
}

func median(times []int64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return time.Duration(sorted[len(sorted)/2])
}

// While foreign ICMP comes as fast as this machine can make it, each trace is
// complete, its times hold, and the ring buffer loses nothing.
func TestFlood(t *testing.T) {
	needsKernel(t, 5, 18, "live frames of BPF_PROG_TEST_RUN")
	l := chain(t, 3)
	f := newFlood(t, l)
	idle, flooded := &repeated{T: t, lab: l}, &repeated{T: t, lab: l}
	idle.trace(time.Time{})
	sent, took := f.during(t, newForeigners(t, l).next, func() { flooded.trace(time.Now().Add(floodTime)) })
	var all uint64
	for kind := range kindCopy {
		all += sent[kind]
	}
	t.Logf("%d foreign packets in %v, %.0f a second", all, took.Round(time.Millisecond), float64(all)/took.Seconds())
	t.Logf("idle:    %v", idle)
	t.Logf("flooded: %v", flooded)
	if idle.foreign != 0 || flooded.foreign == 0 || len(idle.user) == 0 || len(flooded.user) == 0 {
		t.Error("want foreign packets in the flood alone, and probes with both times in either case")
	}
}

// repeated is traces in every way, with the clock of the process beside that of the
// kernel, whose times are kept, and without.
type repeated struct {
	*testing.T
	lab     *lab.Lab
	foreign int // ICMP errors that were counted as about others or malformed
	traces  int
	samples
}

// trace goes on until that time.
func (r *repeated) trace(until time.Time) {
	r.Helper()
	for round := 1; round == 1 || time.Now().Before(until); round++ {
		for i, way := range ways {
			flags := way.flags
			if i%2 == round%2 {
				flags += " --stamps"
			}
			got := within(r.T, r.lab, ebpftrace(flags, "--json", "-n", "-z", "0.01", "target.lab")...)
			if got.status != 0 || got.stderr != "" {
				r.Errorf("%s: status %d\n%s", flags, got.status, got.stderr)
			}
			r.take(flags, got.document(r.T))
		}
	}
}

// take checks one trace. Sockets, which --stamps takes besides, do lose packets in a
// flood, and count them.
func (r *repeated) take(flags string, d document) {
	r.Helper()
	beside := strings.HasSuffix(flags, "--stamps")
	checkComplete(r.T, r.lab, d, expected{flags, flags, ""})
	for _, name := range []string{"overflow", "duplicates", "stray", "late", "impossible", "unparsed"} {
		if n := d.Counters[name]; n != 0 && !(name == "overflow" && beside) {
			r.Errorf("%s: %s: %d, want none", flags, name, n)
		}
	}
	r.foreign += d.Counters["foreign"] + d.Counters["malformed"]
	r.traces++
	if beside {
		r.samples.add(r.T, flags, d)
	}
}

func (r *repeated) String() string {
	return fmt.Sprintf("%d traces beside %d foreign packets; %v", r.traces, r.foreign, &r.samples)
}
