package multipath

import (
	"slices"
	"time"
)

// How fast a hop is probed that answers only when it is asked again.
const (
	backoffFirst = 250 * time.Millisecond
	backoffMost  = 2 * time.Second
	gapFirst     = 25 * time.Millisecond
	gapMost      = time.Second // Linux answers one a second
	gapLeast     = time.Millisecond
	slowDown     = 250 * time.Millisecond // between two widenings: losses come in bursts
)

// ready reports whether the hop may be probed now; s.wake is when, if not.
func (s *survey) ready(h *hop) bool {
	if s.now.Before(h.readyAt) {
		s.wakeBy(h.readyAt)
		return false
	}
	return true
}

func (s *survey) wakeBy(t time.Time) {
	if t.Before(s.wake) {
		s.wake = t
	}
}

// retry returns the spot to try again that has waited longest.
func (s *survey) retry() *spot {
	for i, sp := range s.lost {
		if s.now.Before(sp.retryAt) {
			s.wakeBy(sp.retryAt)
			continue
		}
		if s.ready(sp.hop) {
			s.lost = slices.Delete(s.lost, i, i+1)
			return sp
		}
	}
	return nil
}

// sent books a probe to a spot.
func (s *survey) sent(sp *spot, e *entry) {
	sp.entries = append(sp.entries, e)
	sp.flying++
	sp.hop.readyAt = s.now.Add(sp.hop.gap)
}

// widen has the hop probed at half the pace: what it was asked for too fast, it may
// answer if asked more slowly.
func (h *hop) widen(now time.Time) {
	if now.Sub(h.slowedAt) >= slowDown {
		h.gap, h.slowedAt = min(max(2*h.gap, gapFirst), gapMost), now
	}
}

// backoff returns how long to wait after so many tries.
func backoff(tries int) time.Duration { return min(backoffFirst<<min(tries-1, 8), backoffMost) }
