package paths

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/chance"
)

// seen is who answered a probe.
type seen struct {
	at   time.Time // when the probe was sent
	from netip.Addr
}

// sequence is who answered at a hop, in the order in which probes were sent.
type sequence struct {
	ttl  int
	seen []seen
}

// sequences returns those of hops that several addresses answered from, in order of
// TTL. Probes of flows that differ may take paths that do, so only the first one's
// are looked at.
func sequences(hops []tracer.Hop) (all []sequence) {
	byTTL := map[int][]seen{}
	for _, h := range hops {
		for _, p := range h.Probes {
			if p.State.Heard() && p.Flow == 0 {
				byTTL[h.TTL] = append(byTTL[h.TTL], seen{p.SentAt, p.Answer.From.Unmap()})
			}
		}
	}
	for ttl, answers := range byTTL {
		slices.SortStableFunc(answers, func(a, b seen) int { return a.at.Compare(b.at) })
		if s := (sequence{ttl, answers}); len(s.addresses()) > 1 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b sequence) int { return cmp.Compare(a.ttl, b.ttl) })
	return all
}

// addresses returns who answered, in order of appearance.
func (s sequence) addresses() (all []netip.Addr) {
	for _, a := range s.seen {
		if !slices.Contains(all, a.from) {
			all = append(all, a.from)
		}
	}
	return all
}

// switches returns the indices at which another address answers than before.
func (s sequence) switches() (all []int) {
	for i := 1; i < len(s.seen); i++ {
		if s.seen[i].from != s.seen[i-1].from {
			all = append(all, i)
		}
	}
	return all
}

// chance returns how likely so few switches are, or fewer, if each answer comes from
// any of the addresses regardless of time: the exact test of runs (Wald and
// Wolfowitz 1940), of the first address against all others.
func (s sequence) chance() float64 {
	first := s.seen[0].from
	n, k, runs := len(s.seen), 0, 1
	for i, a := range s.seen {
		if a.from == first {
			k++
		}
		if i > 0 && (a.from == first) != (s.seen[i-1].from == first) {
			runs++
		}
	}
	return chance.Runs(k, n-k, runs)
}
