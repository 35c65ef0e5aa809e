package tracer

import (
	"math/rand/v2"
	"time"
)

// entry is a probe as long as the run keeps books on it.
type entry struct {
	Probe
	sent    time.Time     // by this process's clock, for waiting only
	timeout time.Duration // as it was when the probe was given up
	// void: the probe may have been answered in a way that names no probe,
	// so its silence says nothing. It is taken off the books when it expires.
	void bool
}

// ledger keeps every probe of a run, by TTL and by identifier.
type ledger struct {
	first   int        // TTL of hops[0]
	hops    [][]*entry // the probes sent with each TTL, in order
	byIdent map[uint16]*entry
	flying  []*entry // those in state Sent, oldest first
	next    uint16   // identifier to try next
	slowest time.Duration
	// heard is the highest TTL that anything answered; 0: none.
	heard int
}

func newLedger(first, last int, ident uint16) *ledger {
	if ident == 0 {
		ident = uint16(rand.Uint32())
	}
	return &ledger{
		first:   first,
		hops:    make([][]*entry, last-first+1),
		byIdent: map[uint16]*entry{},
		next:    ident,
	}
}

// at returns the probes sent with a TTL.
func (l *ledger) at(ttl int) []*entry { return l.hops[ttl-l.first] }

// last returns the largest TTL of the run.
func (l *ledger) last() int { return l.first + len(l.hops) - 1 }

// add books a probe, sent or refused.
func (l *ledger) add(e *entry) {
	l.hops[e.TTL-l.first] = append(l.hops[e.TTL-l.first], e)
	l.byIdent[e.Ident] = e
	if e.State == Sent {
		l.flying = append(l.flying, e)
	}
}

// land takes a probe out of the air.
func (l *ledger) land(e *entry) {
	for i, f := range l.flying {
		if f == e {
			l.flying = append(l.flying[:i], l.flying[i+1:]...)
			return
		}
	}
}

// strike takes a probe off the books of its hop. Its identifier stays known, so
// that an answer that comes after all is not taken for a stranger's.
func (l *ledger) strike(e *entry) {
	kept := l.hops[e.TTL-l.first][:0]
	for _, o := range l.at(e.TTL) {
		if o != e {
			kept = append(kept, o)
		}
	}
	l.hops[e.TTL-l.first] = kept
}

// ident returns an identifier that no probe of this run has had.
func (l *ledger) ident(usable func(uint16) bool) uint16 {
	for {
		id := l.next
		l.next++
		if _, taken := l.byIdent[id]; !taken && usable(id) {
			return id
		}
	}
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
