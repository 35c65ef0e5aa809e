package sim

import (
	"slices"
	"testing"
)

// TestMultipathTruth holds the links that each scenario tells against its graph: all
// that packets from its entry can take, and no others. Where packets end, by the
// graph, is where they do by the truth.
func TestMultipathTruth(t *testing.T) {
	for _, name := range MultipathNames() {
		s, err := Load(name)
		must(t, err)
		if s.Name != name || s.Description == "" || slices.Contains(Names(), name) {
			t.Errorf("file %s holds scenario %q: %q", name, s.Name, s.Description)
		}
		links := reachable(s)
		for _, l := range s.Truth.Links {
			if !links[l] {
				t.Errorf("%s: %v is told twice, or is no link", name, l)
			}
			delete(links, l)
		}
		for l := range links {
			t.Errorf("%s: %v is not told", name, l)
		}
		if stop := s.ending(); s.Truth.Stop != stop || s.Truth.Reached != (stop == "reached") {
			t.Errorf("%s: truth says %q, reached %v; the graph %q", name, s.Truth.Stop, s.Truth.Reached, stop)
		}
	}
}

func TestTruthOfLinksNamesNodes(t *testing.T) {
	_, err := Parse([]byte(chainText("", "[truth]\nlinks = [['first', 'nobody']]")))
	if want := `truth of link 1: there is no node "nobody"`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// reachable returns the links that packets from the entry can take.
func reachable(s *Scenario) map[[2]string]bool {
	links := make(map[[2]string]bool)
	todo := []string{s.Entry}
	for done := 0; done < len(todo); done++ {
		n := s.node(todo[done])
		if n.Name == s.Target || n.Unreachable != "" {
			continue
		}
		for _, next := range n.Next {
			links[[2]string{n.Name, next}] = true
			if !slices.Contains(todo, next) {
				todo = append(todo, next)
			}
		}
	}
	return links
}

// ending returns why the ways to the target end.
func (s *Scenario) ending() string {
	for l := range reachable(s) {
		if l[1] == s.Target && !s.node(s.Target).Silent {
			return "reached"
		}
	}
	return "gap_limit"
}

// TestSeedsVaryChoices: over many seeds, each way of a balancer is taken alike by
// one and the same flow.
func TestSeedsVaryChoices(t *testing.T) {
	s, err := Load("diamond_4")
	must(t, err)
	both(t, func(t *testing.T, ipv6 bool) {
		times := make(map[string]int)
		for seed := range uint64(400) {
			a := only(t, New(s, seed), testProbe{ipv6: ipv6, ttl: 3, target: s.TargetAddr(ipv6)})
			times[a.from.String()]++
		}
		if len(times) != 4 {
			t.Errorf("ways taken: %v", times)
		}
		for way, n := range times {
			if n < 60 || n > 140 { // 100 expected, with a deviation of 9
				t.Errorf("%s was taken %d times of 400", way, n)
			}
		}
	})
}

func TestAtRandom(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := diamond(t, "random")
		same := func(int) testProbe { return testProbe{ipv6: ipv6} }
		first := spread(t, n, same)
		assertBoth(t, first)
		turns := 0
		last := only(t, n, testProbe{ipv6: ipv6, ttl: 3}).from
		for range 100 {
			now := only(t, n, testProbe{ipv6: ipv6, ttl: 3}).from
			if now != last {
				turns++
			}
			last = now
		}
		if turns < 25 || turns > 75 { // in turn, it would be 100
			t.Errorf("the way changed %d times of 100", turns)
		}
	})
}

func TestLinkOwnsPorts(t *testing.T) {
	for _, test := range []struct {
		first       uint16
		ports       int
		owns, isNot []uint16
	}{
		{40000, 0, []uint16{40000}, []uint16{39999, 40001, 0}},
		{40000, 1, []uint16{40000}, []uint16{39999, 40001, 0}},
		{40000, 3, []uint16{40000, 40001, 40002}, []uint16{39999, 40003}},
		{65534, 4, []uint16{65534, 65535, 1, 2}, []uint16{65533, 3}},
	} {
		o := LinkOptions{SourcePort: test.first, SourcePorts: test.ports}
		for _, port := range test.owns {
			if !o.owns(port) {
				t.Errorf("%+v does not own port %d", o, port)
			}
		}
		for _, port := range test.isNot {
			if o.owns(port) {
				t.Errorf("%+v owns port %d", o, port)
			}
		}
	}
}
