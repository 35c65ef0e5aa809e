package multipath

import (
	"math"
	"math/bits"
)

// budget works out the stopping rule by the whole graph's probability of failure.
// Veitch et al. (section IV) divide that among as many branching points as there
// may be, by assumption: each fails with 1-(1-e)^(1/B). Here B is counted: every
// vertex whose successors are asked for, for it may branch unseen, and every test.
// As the graph grows, so does B, and vertices already done get some more flows.
func (s *survey) budget() {
	s.rule = s.ruleFor(s.decisions())
}

// ruleFor returns the rule where as many may fail.
func (s *survey) ruleFor(decisions int) *rule {
	b := coarse(max(1, decisions))
	if s.rules[b] == nil {
		s.rules[b] = newRule(1 - math.Pow(s.confidence, 1/float64(b)))
	}
	return s.rules[b]
}

// mayBranch counts the vertices that plain MDA asks for the successors of.
func (s *survey) mayBranch() (n int) {
	for _, h := range s.hops {
		for _, v := range h.vertices {
			if s.expandable(v) {
				n++
			}
		}
	}
	return n
}

// decisions counts what may fail.
func (s *survey) decisions() (n int) {
	for _, h := range s.hops {
		if len(h.vertices) == 0 {
			break
		}
		lite := s.lite(h)
		if lite {
			n += 2 // the hop together, and whether it is meshed
		}
		for _, v := range h.vertices {
			if !lite && s.expandable(v) {
				n++
			}
			if v.branches() {
				n++
			}
		}
	}
	for _, r := range s.regions {
		n += r.to - r.head.hop.ttl
	}
	return n
}

// coarse rounds up to three binary digits, to spare working out many rules that
// hardly differ.
func coarse(n int) int {
	shift := max(0, bits.Len(uint(n))-3)
	return (n + 1<<shift - 1) >> shift << shift
}
