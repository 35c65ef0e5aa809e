package loss

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Phase is what probes found that left at one pace. A hop may be there several
// times, as in rounds that follow each other.
type Phase struct {
	// Interval is the time from one probe of a hop to its next; 0: as soon as
	// the hop answers.
	Interval time.Duration
	Hops     []tracer.Hop
}

// hop is what all phases say of one TTL.
type hop struct {
	ttl int
	Count
	local int // probes that never reached the driver; not in Count
	// paces counts by phase, and answered tells of each of its probes in the
	// order in which they were sent.
	paces     []Count
	answered  [][]bool
	overtaken int // answers that came after one to a later probe
}

// Sum is what is kept of phases, so that many rounds take little memory. The zero value
// is empty and ready.
type Sum struct {
	intervals []time.Duration
	byTTL     map[int]*hop
	driven    bool // probes are stamped at the driver
}

// mostAnswers is how many probes of a hop and phase are looked at for a pattern.
const mostAnswers = 1000

// Add enters a phase, or a part of one: phases of one interval in a row are one.
func (s *Sum) Add(p Phase) {
	if n := len(s.intervals); n == 0 || s.intervals[n-1] != p.Interval {
		s.intervals = append(s.intervals, p.Interval)
	}
	s.driven = s.driven || anyDriven(p.Hops)
	for _, h := range p.Hops {
		s.hop(h.TTL).add(len(s.intervals)-1, h.Probes, s.driven)
	}
}

func (s *Sum) hop(ttl int) *hop {
	if s.byTTL == nil {
		s.byTTL = map[int]*hop{}
	}
	if s.byTTL[ttl] == nil {
		s.byTTL[ttl] = &hop{ttl: ttl}
	}
	h := s.byTTL[ttl]
	for len(h.paces) < len(s.intervals) {
		h.paces, h.answered = append(h.paces, Count{}), append(h.answered, nil)
	}
	return h
}

// hops returns them in order of TTL.
func (s *Sum) hops() []*hop {
	return slices.SortedFunc(maps.Values(s.byTTL), func(a, b *hop) int { return cmp.Compare(a.ttl, b.ttl) })
}

// add enters probes of one hop and phase. What was refused, or is still awaited,
// says nothing.
func (h *hop) add(phase int, probes []tracer.Probe, driven bool) {
	for i := range probes {
		p := &probes[i]
		switch {
		case p.State == tracer.NotSent || p.State == tracer.Sent:
			continue
		case driven && dropped(p):
			h.local++
			continue
		}
		one := Count{Sent: 1}
		if !p.State.Heard() {
			one.Lost = 1
		}
		h.Count = h.plus(one)
		h.paces[phase] = h.paces[phase].plus(one)
		if len(h.answered[phase]) < mostAnswers {
			h.answered[phase] = append(h.answered[phase], p.State.Heard())
		}
	}
	h.overtaken += overtaken(probes)
}

// silent reports whether nobody ever answered at the hop.
func (h *hop) silent() bool { return h.Lost == h.Sent }

// anyDriven reports whether any probe is stamped at the driver.
func anyDriven(hops []tracer.Hop) bool {
	for _, h := range hops {
		for _, p := range h.Probes {
			if p.Stamps[stamp.DriverStart] != 0 {
				return true
			}
		}
	}
	return false
}

// dropped reports whether a probe was seen on its way out of this host and never
// reached the driver.
func dropped(p *tracer.Probe) bool {
	return !p.State.Heard() && p.Stamps[stamp.TCXEgress] != 0 && p.Stamps[stamp.DriverStart] == 0
}
