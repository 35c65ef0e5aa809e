package sim

import (
	"maps"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// TestTruth holds the truth of each scenario against a walk of its graph that
// knows nothing of packets: from the nodes of one TTL to those of the next.
func TestTruth(t *testing.T) {
	for _, name := range slices.Concat(Names(), MTUNames()) {
		t.Run(name, func(t *testing.T) {
			s, err := Load(name)
			must(t, err)
			if s.Name != name || s.Description == "" {
				t.Errorf("file %s holds scenario %q: %q", name, s.Name, s.Description)
			}
			assertTruth(t, s)
		})
	}
}

// front is the nodes that packets of one TTL get to, and the least time to each.
type front map[string]time.Duration

func assertTruth(t *testing.T, s *Scenario) {
	t.Helper()
	at := front{s.Entry: s.node(s.Entry).Delay.Duration}
	last := 0
	for ttl := 1; ttl <= 30 && len(at) > 0; ttl++ {
		heard, rtt := audible(s, at)
		assertHop(t, s, ttl, heard, rtt)
		if len(heard) > 0 {
			last = ttl
		}
		if stop := ends(s, at); stop != "" || ttl == 30 {
			assertStop(t, s, stop, last)
			return
		}
		at = step(s, at)
	}
	t.Error("the walk comes to no end")
}

// audible returns the nodes whose answers can be told to answer a probe.
func audible(s *Scenario, at front) (names []string, rtt time.Duration) {
	at = answering(s, at)
	for _, name := range slices.Sorted(maps.Keys(at)) {
		n := s.node(name)
		if n.Silent || n.Quote == QuoteShort || n.Quote == QuoteWrongIdent || n.Quote == QuoteWrongPorts {
			continue
		}
		if r := 2*at[name] + n.Late.Duration; rtt == 0 || r < rtt {
			rtt = r
		}
		names = append(names, name)
	}
	return names, rtt
}

// answering replaces nodes that pass on packets whose TTL has run out by those that
// get them.
func answering(s *Scenario, at front) front {
	all := make(front)
	for name, so := range at {
		if s.node(name).ZeroTTL {
			maps.Copy(all, step(s, front{name: so}))
		} else {
			all[name] = so
		}
	}
	return all
}

func assertHop(t *testing.T, s *Scenario, ttl int, heard []string, rtt time.Duration) {
	t.Helper()
	var want TruthHop
	if ttl <= len(s.Truth.Hops) {
		want = s.Truth.Hops[ttl-1]
	}
	if !slices.Equal(want.Nodes, heard) || want.RTT.Duration != rtt {
		t.Errorf("TTL %d: truth says %v, the graph %v after %v", ttl, want, heard, rtt)
	}
	for _, ipv6 := range family {
		for _, a := range s.Addresses(ttl, ipv6) {
			if a.Is6() != ipv6 {
				t.Errorf("TTL %d: address %v of the other family", ttl, a)
			}
		}
		if len(s.Addresses(ttl, ipv6)) < len(heard) {
			t.Errorf("TTL %d: addresses %v for nodes %v", ttl, s.Addresses(ttl, ipv6), heard)
		}
	}
}

// ends returns why no packet goes further than this, or "".
func ends(s *Scenario, at front) string {
	for name := range at {
		switch n := s.node(name); {
		case name == s.Target && n.Silent:
			return "gap_limit"
		case name == s.Target:
			return "reached"
		case n.Unreachable != "":
			return "unreachable"
		}
	}
	return ""
}

func assertStop(t *testing.T, s *Scenario, stop string, last int) {
	t.Helper()
	if stop == "" {
		stop = "max_ttl"
	}
	if s.Truth.Stop != stop || s.Truth.Reached != (stop == "reached") {
		t.Errorf("truth says stop %q, reached %v; the graph %q", s.Truth.Stop, s.Truth.Reached, stop)
	}
	if len(s.Truth.Hops) != last {
		t.Errorf("truth has %d hops, the graph %d", len(s.Truth.Hops), last)
	}
}

func step(s *Scenario, at front) front {
	next := make(front)
	for name, so := range at {
		for _, n := range s.node(name).Next {
			then := so + s.node(n).Delay.Duration
			if old, known := next[n]; !known || then < old {
				next[n] = then
			}
		}
	}
	return next
}

// TestTruthOfPackets sends probes of every protocol through every scenario: the
// answers that quote or name their probe come from where the truth says, never
// sooner than it says.
func TestTruthOfPackets(t *testing.T) {
	for _, name := range slices.Concat(Names(), MTUNames()) {
		s, err := Load(name)
		must(t, err)
		both(t, func(t *testing.T, ipv6 bool) {
			n := New(s, 1)
			for ttl := 1; ttl <= 30; ttl++ {
				from := make(map[netip.Addr]bool)
				for _, protocol := range s.Truth.probedWith() {
					for i := range 8 {
						p := testProbe{ipv6: ipv6, protocol: protocol, ttl: uint8(ttl), port: uint16(2000 + 7*i), ident: uint16(ttl*8 + i)}
						for _, d := range n.Handle(start, p.bytes(t)) {
							a := readAnswer(t, d)
							from[a.from] = true
						}
					}
				}
				for _, a := range s.Addresses(ttl, ipv6) {
					if !from[a] {
						t.Errorf("%s, TTL %d: nothing from %v, only from %v", s.Name, ttl, a, from)
					}
				}
			}
		})
	}
}

// probedWith returns the protocols that the truth holds for.
func (t Truth) probedWith() []string {
	if len(t.Protocols) == 0 {
		return protocols
	}
	return t.Protocols
}

func TestAddressesBeyondTheTruth(t *testing.T) {
	s, err := Load("clean")
	must(t, err)
	for _, ttl := range []int{-1, 0, 7, 256} {
		if a := s.Addresses(ttl, false); a != nil {
			t.Errorf("TTL %d: %v", ttl, a)
		}
	}
}
