package multipath

import (
	"math"
	"net/netip"
	"slices"
	"time"
)

// How often a spot is tried before silence is believed.
const (
	triesDeaf    = 1    // at a hop where several flows had three for nothing
	triesUnheard = 3    // at a hop where nothing was heard yet, or no second try helps
	triesHeard   = 5    // where something was heard, or more: see tries
	triesMost    = 12   // where most probes are lost
	deafAfter    = 3    // silent flows that make a hop deaf
	chance       = 1e-6 // of taking losses for silence, where probes are lost
)

// tries returns how many tries without answer make a silence at the hop. Where
// second tries were answered, it loses probes or limits its answers, so that silence
// says the less, the more are lost.
func (h *hop) tries() int {
	switch {
	case h.missed > 0:
		tries := math.Ceil(math.Log(chance) / math.Log(h.worstLoss()))
		return min(max(triesHeard, int(tries)), triesMost)
	case h.heard > 0 && h.silent < deafAfter:
		return triesHeard
	case h.heard > 0:
		return triesUnheard
	case h.silent >= deafAfter:
		return triesDeaf
	}
	return triesUnheard
}

// worstLoss returns the largest share of probes that an interface of the hop did not
// answer at once, though not the whole of it where they are few.
func (h *hop) worstLoss() (worst float64) {
	for _, v := range h.known {
		worst = max(worst, float64(v.missed)/float64(v.missed+v.heard+2))
	}
	return worst
}

// lose books that a probe was not answered in time: the spot is tried again, later
// each time, or believed silent.
func (s *survey) lose(sp *spot, now time.Time) {
	sp.flying--
	if sp.first != nil { // it was sent again to tell balancing
		sp.hop.miss(s.from(sp.first), 1)
		sp.hop.widen(now)
	}
	if sp.flying > 0 || sp.resolved() {
		return
	}
	if sp.tries() >= sp.hop.tries() {
		s.silence(sp)
		return
	}
	sp.retryAt = now.Add(backoff(len(sp.entries)))
	s.lost = append(s.lost, sp)
}

func (s *survey) silence(sp *spot) {
	sp.silent = true
	sp.hop.silent++
	sp.hop.pending--
	s.place(sp)
}

// hear books an answer to a spot, in time or late.
func (s *survey) hear(sp *spot, e *entry) {
	h := sp.hop
	was := h.tries()
	h.heard++
	h.interfaceAt(s.from(e)).heard++
	if sp.first == nil && e != sp.entries[0] {
		h.miss(s.from(e), slices.Index(sp.entries, e))
		h.widen(s.now)
	} else if h.gap = h.gap * 3 / 4; h.gap < gapLeast {
		h.gap = 0
	}
	s.enterAnswer(sp, e)
	if h.tries() > was {
		s.reopen(h)
	}
}

// miss books probes that an interface is believed not to have answered.
func (h *hop) miss(addr netip.Addr, probes int) {
	h.missed += probes
	h.interfaceAt(addr).missed += probes
}

// enterAnswer enters what an answer says into the graph.
func (s *survey) enterAnswer(sp *spot, e *entry) {
	if sp.first != nil {
		if !sp.seenAt(s.from(e)) {
			s.rebuild(sp.hop.ttl)
		}
		return
	}
	sp.first, sp.final = e, s.final(e)
	if i := slices.Index(s.lost, sp); i >= 0 {
		s.lost = slices.Delete(s.lost, i, i+1)
	}
	if !sp.silent {
		sp.hop.pending--
		s.place(sp)
		return
	}
	sp.silent = false
	sp.hop.silent--
	s.rebuild(sp.hop.ttl)
}

// reopen gives spots believed silent the tries that they are due by now.
func (s *survey) reopen(h *hop) {
	again := false
	for _, sp := range h.spots {
		if sp.silent && sp.tries() < h.tries() {
			sp.silent, again = false, true
			h.silent--
			h.pending++
			sp.retryAt = s.now
			s.lost = append(s.lost, sp)
		}
	}
	if again {
		s.rebuild(h.ttl)
	}
}
