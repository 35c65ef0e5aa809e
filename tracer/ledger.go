package tracer

import "time"

// ledger keeps every probe of a run, by TTL.
type ledger struct {
	first int        // TTL of hops[0]
	hops  [][]*entry // the probes sent with each TTL, in order
	// heard is the highest TTL that anything answered; 0: none.
	heard int
}

func newLedger(first, last int) *ledger {
	return &ledger{first: first, hops: make([][]*entry, last-first+1)}
}

// at returns the probes sent with a TTL.
func (l *ledger) at(ttl int) []*entry { return l.hops[ttl-l.first] }

// last returns the largest TTL of the run.
func (l *ledger) last() int { return l.first + len(l.hops) - 1 }

// add books a probe, sent or refused.
func (l *ledger) add(e *entry) {
	l.hops[e.TTL-l.first] = append(l.hops[e.TTL-l.first], e)
}

// strike takes a probe off the books of its hop. The engine still knows it, so that
// an answer that comes after all is not taken for a stranger's.
func (l *ledger) strike(e *entry) {
	kept := l.hops[e.TTL-l.first][:0]
	for _, o := range l.at(e.TTL) {
		if o != e {
			kept = append(kept, o)
		}
	}
	l.hops[e.TTL-l.first] = kept
}

// rttAt returns the largest round-trip time seen with a TTL; 0: none.
func (l *ledger) rttAt(ttl int) time.Duration {
	var most time.Duration
	for _, e := range l.at(ttl) {
		if e.State.Heard() {
			most = max(most, e.RTT)
		}
	}
	return most
}

// rttNear returns the larger of the round-trip times at the nearest TTLs below
// and above that were heard; 0: none.
func (l *ledger) rttNear(ttl int) time.Duration {
	var below, above time.Duration
	for t := ttl - 1; t >= l.first && below == 0; t-- {
		below = l.rttAt(t)
	}
	for t := ttl + 1; t <= min(l.last(), l.heard) && above == 0; t++ {
		above = l.rttAt(t)
	}
	return max(below, above)
}
