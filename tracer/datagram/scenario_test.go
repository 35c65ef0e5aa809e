package datagram_test

import (
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// checkTruth holds a trace against what is true of its scenario.
func checkTruth(t *testing.T, s *sim.Scenario, w way, got traced) {
	t.Helper()
	if got.Reached() != s.Truth.Reached || got.Stop.String() != s.Truth.Stop || got.Reached() && len(got.Hops) != len(s.Truth.Hops) {
		t.Errorf("%v after %d hops, want %s after %d", got.Stop, len(got.Hops), s.Truth.Stop, len(s.Truth.Hops))
	}
	for _, hop := range got.Hops {
		addresses, heard := s.Addresses(hop.TTL, w.IPv6), 0
		for _, p := range hop.Probes {
			if !p.State.Heard() {
				continue
			}
			heard++
			if !slices.Contains(addresses, p.Answer.From) {
				t.Errorf("hop %d: %v answered, want one of %v", hop.TTL, p.Answer.From, addresses)
			}
			if least := s.Truth.Hops[hop.TTL-1].RTT; p.RTT < least.Duration {
				t.Errorf("hop %d: RTT %v is less than light takes, %v", hop.TTL, p.RTT, least)
			}
			checkStamps(t, w, p)
		}
		if (heard > 0) != (len(addresses) > 0) {
			t.Errorf("hop %d: %d answers, want them from %v", hop.TTL, heard, addresses)
		}
	}
}

// What a scenario says of tracers that see every header holds for this one.
func TestScenarios(t *testing.T) {
	for _, name := range []string{"clean", "mpls", "nat", "udp_echo", "unreachable_host", "admin_prohibited", "silent_target"} {
		t.Run(name, func(t *testing.T) {
			f, s := front(t, name)
			everyWay(t, false, func(t *testing.T, w way) {
				got := trace(t, f.Lab, w, tracer.Config{})
				checkTruth(t, s, w, got)
				if c := got.Counters; c.Unmatched+c.Malformed+c.Overflow+c.ImpossibleStamps != 0 || got.Tally.Unparsed+got.Tally.Stray != 0 {
					t.Errorf("counted %+v, %+v", c, got.Tally)
				}
			})
		})
	}
}

// A router that quotes too little of a UDP probe, or a service that does not say
// what it answers, makes the trace go on one probe at a time, and right. Quotes
// of echo requests always name them.
func TestTracesOneByOne(t *testing.T) {
	for _, name := range []string{"short_quote", "udp_service"} {
		f, s := front(t, name)
		everyWay(t, false, func(t *testing.T, w way) {
			got := trace(t, f.Lab, w, tracer.Config{})
			checkTruth(t, s, w, got)
			if want := w.Protocol == "udp"; (got.nameless > 0) != want {
				t.Errorf("%s: %d answers named no probe", name, got.nameless)
			}
		})
	}
}

func TestFlagsDuplicates(t *testing.T) {
	f, s := front(t, "duplicates")
	everyWay(t, false, func(t *testing.T, w way) {
		got := trace(t, f.Lab, w, tracer.Config{})
		checkTruth(t, s, w, got)
		if got.Counters.Duplicates == 0 || got.Counters.Unmatched != 0 {
			t.Errorf("counted %+v", got.Counters)
		}
		for _, hop := range got.Hops {
			for _, p := range hop.Probes {
				if want := hop.TTL == 2; (p.Duplicates > 0) != want && hop.TTL < len(got.Hops) {
					t.Errorf("hop %d: %d duplicates", hop.TTL, p.Duplicates)
				}
			}
		}
	})
}

// Extensions come through, and are those that a raw socket would see.
func TestExtensions(t *testing.T) {
	f, _ := front(t, "mpls")
	everyWay(t, false, func(t *testing.T, w way) {
		for _, hop := range trace(t, f.Lab, w, tracer.Config{}).Hops {
			for _, p := range hop.Probes {
				if want := map[int]int{2: 1, 3: 1, 4: 1, 5: 1}[hop.TTL]; len(p.Answer.Extensions) != want {
					t.Errorf("hop %d: %d extensions, want %d: %+v", hop.TTL, len(p.Answer.Extensions), want, p.Answer)
				}
			}
		}
	})
}

// A hop whose next link is too narrow says how narrow.
func TestPacketTooBig(t *testing.T) {
	f, _ := front(t, "mtu")
	everyWay(t, false, func(t *testing.T, w way) {
		got := trace(t, f.Lab, w, tracer.Config{Flow: probe.Flow{Size: 1400, DontFragment: true}})
		last := got.Hops[len(got.Hops)-1]
		if got.Stop != tracer.StopUnreachable || last.TTL != 4 {
			t.Fatalf("%v at hop %d, want unreachable at 4", got.Stop, last.TTL)
		}
		for _, p := range last.Probes {
			if p.Answer.Kind != wire.PacketTooBig || p.Answer.MTU != 1280 {
				t.Errorf("answered %v with MTU %d, want 1280", p.Answer.Kind, p.Answer.MTU)
			}
		}
	})
}
