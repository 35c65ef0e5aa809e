package main

import (
	"slices"
	"time"
)

// sample is a round-trip time that a tool told.
type sample struct {
	ttl int
	// number counts the tool's probes of that TTL, from 0 and in the order of
	// sending, those without an answer included. It is unused if sentAt, the
	// wall clock just before sending, is known.
	number int
	sentAt time.Time
	rtt    time.Duration
	// source is what the tool says that the time comes from, or "".
	source string
}

// judged is a sample with the bracket of the packets that it is about.
type judged struct {
	sample
	bracket
}

// match finds the packets of each sample of one run. Samples that have none,
// or whose packets the captures did not see whole, are counted as unmatched.
func match(samples []sample, run []passage) (found []judged, unmatched int) {
	byTTL := make(map[int][]passage)
	for _, p := range run {
		byTTL[p.ttl] = append(byTTL[p.ttl], p)
	}
	samples = slices.Clone(samples)
	slices.SortStableFunc(samples, func(a, b sample) int { return a.sentAt.Compare(b.sentAt) })
	for _, s := range samples {
		p, rest, ok := take(s, byTTL[s.ttl])
		byTTL[s.ttl] = rest
		if !ok || !p.bracketed {
			unmatched++
			continue
		}
		found = append(found, judged{s, p.bracket})
	}
	return found, unmatched
}

// take returns the passage of a sample, and those that later samples of the
// same TTL choose from.
func take(s sample, from []passage) (p passage, rest []passage, ok bool) {
	i := s.number
	if !s.sentAt.IsZero() {
		// A probe leaves after it was built and before the next one is, so
		// it is the first since then. Probes that the tool does not tell of
		// are passed over.
		i = slices.IndexFunc(from, func(p passage) bool { return !p.sent.Before(s.sentAt) })
		if i >= 0 {
			return from[i], from[i+1:], true
		}
	}
	if i < 0 || i >= len(from) {
		return passage{}, from, false
	}
	return from[i], from, true
}

// during returns the passages that began from start to end.
func during(all []passage, start, end time.Time) []passage {
	var some []passage
	for _, p := range all {
		if !p.sent.Before(start) && !p.sent.After(end) {
			some = append(some, p)
		}
	}
	return some
}
