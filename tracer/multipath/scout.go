package multipath

// scoutAhead is how many spots of flow 0 are under way at a time, to look ahead: as
// many at the most are sent past the end.
const scoutAhead = 4

// scout asks for the next hop of flow 0, for the others to know how long the way is.
func (s *survey) scout() *spot {
	if len(s.flows) == 0 {
		s.newFlow()
	}
	if s.scouted() || s.scoutsOut() >= scoutAhead {
		return nil
	}
	return s.ask(s.flows[0], s.ahead())
}

// ahead returns the TTL that flow 0 is asked for next.
func (s *survey) ahead() int { return max(len(s.flows[0].spots), s.cfg.FirstTTL) }

// scoutsOut returns how many of flow 0's spots are not resolved.
func (s *survey) scoutsOut() (n int) {
	for _, sp := range s.flows[0].spots {
		if sp != nil && !sp.resolved() {
			n++
		}
	}
	return n
}

// scouted reports whether flow 0 need not be asked for further ahead: it has come to
// an end, goes in circles, or into silence.
func (s *survey) scouted() bool {
	f, ahead := s.flows[0], s.ahead()
	for _, sp := range f.spots {
		if sp != nil && sp.vertex != nil && sp.vertex.rounds >= 2 {
			return true
		}
	}
	return f.end > 0 || ahead > s.cfg.MaxTTL || ahead > max(s.heard, s.cfg.FirstTTL-1)+s.cfg.GapLimit
}
