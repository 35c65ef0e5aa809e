package stats

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Source is what one pair of stamps says of some probes.
type Source struct {
	Timing stamp.Timing
	// RTT holds a round-trip time for each probe that has both stamps. An
	// impossible one, below 0, is in RTT.Negative alone.
	RTT Distribution
	// Jitter is that of RTT.
	Jitter Jitter
	// Excess holds by how much RTT exceeds the least that any source gives
	// for the same probe. Probes that only one source timed are not in it:
	// there is nothing to compare.
	Excess Distribution
	// Best is the number of probes in Excess for which this source gives the
	// least; of several that do, the one listed first.
	Best int64
}

// Sources compares what all pairs of stamps say of the same probes. The zero
// value is empty and ready.
type Sources struct {
	all []Source // as stamp.Timings, once there is a sample
}

// Add enters the stamps of one answered probe.
func (s *Sources) Add(stamps *stamp.Set) {
	if s.all == nil {
		s.all = make([]Source, len(stamp.Timings))
		for i, t := range stamp.Timings {
			s.all[i].Timing = t
		}
	}
	timed := s.time(stamps)
	best := least(timed)
	for i := range timed {
		timed[i].source.add(timed[i].rtt, timed[best].rtt, i == best, len(timed) > 1)
	}
}

// timed is a possible round-trip time.
type timed struct {
	source *Source
	rtt    time.Duration
}

// time returns the round-trip times that the stamps give. The impossible ones
// are counted, and taken out.
func (s *Sources) time(stamps *stamp.Set) (all []timed) {
	for i := range s.all {
		src := &s.all[i]
		send, receive := stamps[src.Timing.Send], stamps[src.Timing.Receive]
		if send == 0 || receive == 0 {
			continue
		}
		if rtt := receive.Sub(send); rtt >= 0 {
			all = append(all, timed{src, rtt})
		} else {
			src.RTT.Add(rtt)
		}
	}
	return all
}

// least returns the index of the least, the first one of several.
func least(all []timed) (best int) {
	for i, t := range all {
		if t.rtt < all[best].rtt {
			best = i
		}
	}
	return best
}

func (s *Source) add(rtt, best time.Duration, isBest, compared bool) {
	s.RTT.Add(rtt)
	s.Jitter.Add(rtt)
	if compared {
		s.Excess.Add(rtt - best)
	}
	if isBest && compared {
		s.Best++
	}
}

// All returns the sources that timed at least one probe, possible or not, those
// nearest to the wire first.
func (s *Sources) All() (all []*Source) {
	for i := range s.all {
		if rtt := &s.all[i].RTT; rtt.Count()+rtt.Negative() > 0 {
			all = append(all, &s.all[i])
		}
	}
	return all
}
