package pmtu

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// TestInterfaces begins with the MTUs of other interfaces than Ethernet's: jumbo
// frames, loopback, one longer than a packet can be, and one that nothing drops.
func TestInterfaces(t *testing.T) {
	for mtu, want := range map[int]int{9000: 9000, 65535: 65535, 65536: 65535, 1380: 1380, 1300: 1300} {
		everyWay(t, func(t *testing.T, w way) {
			r, _ := discover(t, simtest.Load(t, "mtu_hole"), w, 1, Config{MTU: mtu})
			if r.Interface != want || r.PathMTU != min(want, 1380) || r.Hops[0].MTU != want {
				t.Errorf("interface %d: began with %d, at hop 1 %d, path MTU %d", mtu, r.Interface, r.Hops[0].MTU, r.PathMTU)
			}
			if drops := map[bool]int{true: 1}[want > 1380]; len(r.Drops) != drops {
				t.Errorf("interface %d: drops %+v", mtu, r.Drops)
			}
		})
	}
}

// TestTooShort refuses an interface that takes no probes.
func TestTooShort(t *testing.T) {
	everyWay(t, func(t *testing.T, w way) {
		cfg := Config{Protocol: w.protocol, MTU: 60, Flow: probe.Flow{Source: simtest.Client[w.ipv6], Target: simtest.Client[w.ipv6]}}
		if r, err := Run(t.Context(), cfg, nil, nil); r != nil || err == nil {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// TestInterrupted ends runs early: what is told then is true, if less.
func TestInterrupted(t *testing.T) {
	everyWay(t, func(t *testing.T, w way) {
		for after := 100 * time.Millisecond; after < 6*time.Second; after += 170 * time.Millisecond {
			r := interrupted(t, simtest.Load(t, "mtu_hole_and_messages"), w, after)
			for _, d := range r.Drops {
				if want := map[int]int{1: 1492, 3: 1400, 5: 1300}[d.After]; d.MTU > want || d.Fails <= want {
					t.Errorf("after %v: %+v, want %d", after, d, want)
				}
			}
			if r.Stop != tracer.StopInterrupted && r.Stop != tracer.StopReached {
				t.Errorf("after %v: stopped with %v", after, r.Stop)
			}
		}
	})
}

func interrupted(t *testing.T, s *sim.Scenario, w way, after time.Duration) *Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	flow := flowOf(s, w)
	link := sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: flow.Secret, SourcePort: flow.SourcePort})
	r, err := Run(ctx, Config{Flow: flow, Protocol: w.protocol, MTU: 1500}, link, link)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTime gives up the exact lengths when the time is over, and says between which
// lengths they are.
func TestTime(t *testing.T) {
	everyWay(t, func(t *testing.T, w way) {
		r, _ := discover(t, simtest.Load(t, "mtu_hole_odd"), w, 1, Config{MaxTime: 1500 * time.Millisecond})
		if len(r.Drops) != 1 || !r.Reached() {
			t.Fatalf("%v: %+v", r.Stop, r.Drops)
		}
		if d := r.Drops[0]; d.Exact() || d.MTU > 1313 || d.Fails <= 1313 || r.PathMTU != d.MTU {
			t.Errorf("%+v, path MTU %d: want a range around 1313", d, r.PathMTU)
		}
	})
}

// fragile looks at what is sent.
type fragile struct {
	*sim.Link
	longest int
	cut     bool // something may be fragmented
}

func (f *fragile) Send(packet []byte) (stamp.Mono, error) {
	f.longest = max(f.longest, len(packet))
	f.cut = f.cut || packet[0]>>4 == 4 && packet[6]&0x40 == 0
	return f.Link.Send(packet)
}

// TestDontFragment sends nothing that may be fragmented, and nothing longer than the
// interface takes.
func TestDontFragment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simtest.Load(t, "mtu_hole")
		flow := probe.Flow{Source: simtest.Client[false], Target: s.TargetAddr(false), SourcePort: 45000, TargetPort: 80, Secret: 1}
		link := sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: 1, SourcePort: 45000})
		f := &fragile{Link: link}
		if _, err := Run(t.Context(), Config{Flow: flow, MTU: 1500}, f, f); err != nil {
			t.Fatal(err)
		}
		if f.cut || f.longest != 1500 {
			t.Errorf("without DF: %v; longest %d", f.cut, f.longest)
		}
	})
}
