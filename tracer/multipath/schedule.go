package multipath

import "time"

// next returns the spot to send a probe for, or nil if there is none to send one
// for now: with done, because all is known. Otherwise answers are awaited, or
// s.wake.
//
//  1. what was lost is tried again;
//  2. flow 0 goes ahead, to see how long the way is;
//  3. hop by hop, vertices are given flows until their stopping rules are content.
//     Known flows go on at once, new ones only when all before is known, since
//     what is under way brings more known ones.
func (s *survey) next(now time.Time) (sp *spot, done bool) {
	s.now, s.wake = now, never(now)
	if sp := s.retry(); sp != nil {
		return sp, false
	}
	if sp := s.scout(); sp != nil {
		return sp, false
	}
	s.upset = true
	for range 2 * len(s.hops) { // each round has found something out for good
		if !s.upset {
			break
		}
		if sp, done = s.advance(); sp != nil {
			return sp, false
		}
	}
	return nil, done && !s.upset && len(s.lost) == 0 && s.scouted()
}

// never is when a survey wants to be asked again that waits for answers alone.
func never(now time.Time) time.Time { return now.Add(time.Hour) }

// advance looks at all hops.
func (s *survey) advance() (sp *spot, done bool) {
	s.upset = false
	s.fitRegions()
	s.relateAll()
	s.budget()
	s.settled = true
	for _, h := range s.hops[:len(s.hops)-1] {
		sp, done := s.advanceHop(h)
		if sp != nil || s.upset {
			return sp, false
		}
		s.settled = s.settled && done
	}
	for _, r := range s.regions {
		sp, done := s.regionStep(r)
		if sp != nil {
			return sp, false
		}
		s.settled = s.settled && done
	}
	return nil, s.settled
}

// advanceHop asks for what follows the vertices of a hop.
func (s *survey) advanceHop(h *hop) (sp *spot, done bool) {
	done = true
	for _, step := range []func(*hop) (*spot, bool){s.tests, s.successors, s.parents} {
		sp, ok := step(h)
		if sp != nil || s.upset {
			return sp, false
		}
		done = done && ok
	}
	return nil, done
}

func (s *survey) tests(h *hop) (*spot, bool) { return each(h.vertices, s.testStep) }

// each takes steps until one needs a probe.
func each(vertices []*vertex, step func(*vertex) (*spot, bool)) (sp *spot, done bool) {
	done = true
	for _, v := range vertices {
		sp, ok := step(v)
		if sp != nil {
			return sp, false
		}
		done = done && ok
	}
	return nil, done
}

// successors asks for the next hops of a hop, by MDA-Lite where that will do.
func (s *survey) successors(h *hop) (*spot, bool) {
	for _, v := range h.vertices {
		if s.untested(v) {
			return nil, false
		}
	}
	if s.lite(h) {
		return s.liteStep(h)
	}
	return s.fullStep(h)
}

// ask returns the spot of a flow that has none at a TTL; nil: the hop is to be
// spared for now.
func (s *survey) ask(f *flow, ttl int) *spot {
	h := s.hop(ttl)
	if f == nil || !s.ready(h) {
		return nil
	}
	sp := s.spotAt(f, h)
	s.touch(sp)
	return sp
}

// again returns a spot to send another probe for.
func (s *survey) again(sp *spot) *spot {
	if !s.ready(sp.hop) {
		return nil
	}
	return sp
}
