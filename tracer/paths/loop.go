package paths

import (
	"net/netip"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Loop is a run of hops that answer from the addresses of earlier hops, with
// other addresses in between.
type Loop struct {
	// From and To are the TTLs of the first and last hop that is repeated.
	From, To int
	// First and Last are the TTLs of the first and last hop that repeats.
	First, Last int
}

// Whole reports whether the repetition comes round to its beginning at least
// once more. A shorter one may be no more than paths of different lengths.
func (l Loop) Whole() bool { return l.Last-l.First+1 >= l.First-l.From }

// Loops finds the loops in a path. A hop that was silent, or whose probes were
// answered from several addresses, is neither taken for a repetition nor does
// it end one. Neighbours that answer from the same address are no loop.
func Loops(hops []tracer.Hop) (loops []Loop) {
	path := make([]netip.Addr, len(hops))
	for i, h := range hops {
		path[i] = soleSource(h)
	}
	for i := 0; i < len(path); i++ {
		k := returns(path, i)
		if k == 0 {
			continue
		}
		last := runEnd(path, i, k)
		loops = append(loops, Loop{
			From: hops[i].TTL, To: hops[i+min(last-k, k-i-1)].TTL,
			First: hops[k].TTL, Last: hops[last].TTL,
		})
		i = last
	}
	return loops
}

// returns finds where the path comes back to the address at i after another
// one; 0 if it never does.
func returns(path []netip.Addr, i int) int {
	away := false
	for k := i + 1; k < len(path) && path[i].IsValid(); k++ {
		if away && path[k] == path[i] {
			return k
		}
		away = away || path[k].IsValid() && path[k] != path[i]
	}
	return 0
}

// runEnd finds the last hop that repeats one of path[i:k], round after round. A
// place in the round that was silent at first takes the first address seen there.
func runEnd(path []netip.Addr, i, k int) (last int) {
	round := slices.Clone(path[i:k])
	for last = k; k < len(path); k++ {
		place := &round[(k-i)%len(round)]
		switch {
		case !path[k].IsValid():
		case !place.IsValid():
			*place = path[k]
		case path[k] != *place:
			return last
		default:
			last = k
		}
	}
	return last
}

// soleSource returns the address that answered every probe of the hop that was
// answered; not valid if there were none or several.
func soleSource(h tracer.Hop) netip.Addr {
	var sole netip.Addr
	for _, p := range h.Probes {
		switch {
		case !p.State.Heard() || p.Answer.From == sole:
		case sole.IsValid():
			return netip.Addr{}
		default:
			sole = p.Answer.From
		}
	}
	return sole
}
