package multipath

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// survey is the search for one graph: what its flows were seen to do, and what is
// still to be asked for. It sends nothing itself.
type survey struct {
	cfg    Config
	family func(n int) probe.Flow
	most   int // flows that the family has
	flows  []*flow
	// hops holds the source as the hop before the first, then every TTL.
	hops []*hop
	root *vertex
	// confidence is what the survey is to reach.
	confidence float64
	regions    []*region
	lost       []*spot       // waiting for another try, those lost first in front
	rules      map[int]*rule // by the number of vertices that share the failure
	rule       *rule         // as it is now
	// heard is the largest TTL that anything on the way answered, shortest the
	// lowest at which a flow ends.
	heard, shortest int
	// ways is the survey of the ways to the target, if this is of those to its
	// neighbours.
	ways   *survey
	doubts []Doubt

	now     time.Time
	wake    time.Time // when something is due that is not yet
	settled bool      // everything up to the hop looked at is known
	upset   bool      // what was looked at already is to be looked at again
}

// newSurvey returns a survey that knows of the source alone.
func newSurvey(cfg Config, family func(n int) probe.Flow, most int) *survey {
	s := &survey{cfg: cfg, family: family, most: most, confidence: cfg.Confidence, rules: map[int]*rule{}}
	for ttl := cfg.FirstTTL - 1; ttl <= cfg.MaxTTL; ttl++ {
		s.hops = append(s.hops, newHop(ttl))
	}
	source := s.hops[0]
	s.root = source.interfaceAt(cfg.Flow.Source)
	s.root.stale = true
	s.shortest = endless
	source.vertices = []*vertex{s.root}
	return s
}

// hop returns the hop of a TTL; nil: it is outside of what is surveyed.
func (s *survey) hop(ttl int) *hop {
	i := ttl - s.root.hop.ttl
	if i < 0 || i >= len(s.hops) {
		return nil
	}
	return s.hops[i]
}

// newFlow returns a flow not used yet; nil: there is none left.
func (s *survey) newFlow() *flow {
	n := len(s.flows)
	if n >= s.most {
		return nil
	}
	f := &flow{number: n, flow: s.family(n)}
	s.flows = append(s.flows, f)
	return f
}

// expandable reports whether what follows a vertex is worth asking for: the way
// goes on, it is not the second round of a loop, and it is not one of many silent
// hops, or of a few behind which nothing was heard at all.
func (s *survey) expandable(v *vertex) bool {
	if v.hop.ttl >= s.cfg.MaxTTL || v.going == 0 && v != s.root || v.rounds >= 2 {
		return false
	}
	silent := 0
	for at := v; at.star(); at = at.via {
		silent++
	}
	return silent < s.cfg.GapLimit && (silent == 0 || v.hop.ttl < s.heard+tail)
}

// endless is a TTL that no flow ends at.
const endless = 1000

// tail is how many silent hops are looked behind, of a path that ends in silence.
const tail = 2

// countRounds returns at how many earlier hops flows through v passed its address,
// other than at the hop just before: a router that does not lower the TTL is no loop.
func (s *survey) countRounds(v *vertex) (n int) {
	if v.star() {
		return 0
	}
	for _, h := range s.hops[1:max(1, v.hop.ttl-s.root.hop.ttl-1)] {
		if w := h.known[v.addr]; w != nil && s.meet(w, v) {
			n++
		}
	}
	return n
}

// meet reports whether a flow passes both vertices.
func (s *survey) meet(w, v *vertex) bool {
	return slices.ContainsFunc(v.spots, func(sp *spot) bool {
		return s.pass(sp.flow, w.hop.ttl) == w && !s.loose(sp.flow, v.hop.ttl)
	})
}
