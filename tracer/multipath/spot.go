package multipath

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/flight"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// flow is one flow of the family, and what it was seen to do.
type flow struct {
	number int
	flow   probe.Flow
	spots  []*spot // by TTL, nil where it was not asked for
	end    int     // lowest TTL known to be at its end or beyond; 0: none. In a
	// region, where every packet may come to another end, it has none.
}

// at returns the flow's spot at a TTL; nil: there is none.
func (f *flow) at(ttl int) *spot {
	if ttl >= len(f.spots) {
		return nil
	}
	return f.spots[ttl]
}

// after returns the flow's first spot behind a TTL; nil: there is none.
func (f *flow) after(ttl int) *spot {
	for at := ttl + 1; at < len(f.spots); at++ {
		if f.spots[at] != nil {
			return f.spots[at]
		}
	}
	return nil
}

// over reports whether the flow has come to its end before a TTL, or there.
func (f *flow) over(ttl int) bool { return f.end > 0 && ttl >= f.end }

// spot is what is known of a flow at a hop.
type spot struct {
	survey *survey
	flow   *flow
	hop    *hop
	// entries are the probes sent, in order; flying those still awaited.
	entries []*entry
	flying  int
	// first is the first answer; nil: none yet.
	first *entry
	// final says that the first answer was one that ends the flow there or before:
	// the target's, or that there is no way on.
	final bool
	// silent says that no answer is believed to come.
	silent  bool
	retryAt time.Time
	// chosen says that it was asked for because of what a later hop showed, so
	// that it is no fair sample of what follows.
	chosen bool
	// vertex is where the flow passes; nil: not known. others are where it
	// passed besides, in other probes.
	vertex *vertex
	others []*vertex
}

func (s *survey) spotAt(f *flow, h *hop) *spot {
	for len(f.spots) <= h.ttl {
		f.spots = append(f.spots, nil)
	}
	sp := &spot{survey: s, flow: f, hop: h}
	f.spots[h.ttl] = sp
	h.spots = append(h.spots, sp)
	h.pending++
	return sp
}

// resolved reports whether it is known who answers, if anybody.
func (sp *spot) resolved() bool { return sp.first != nil || sp.silent }

// entry is a probe, with the spot that it was sent for.
type entry = flight.Entry[*spot]

// final reports whether an answer ends the flow there or before: the target's, or one
// that says there is no way on.
func (s *survey) final(e *entry) bool {
	return s.cfg.Protocol.Arrived(e.Answer) || probe.Bars(s.cfg.Protocol, e.Answer)
}

// tries returns how many probes had their chance.
func (sp *spot) tries() (n int) {
	for _, e := range sp.entries {
		if e.State != tracer.NotSent && !e.Void {
			n++
		}
	}
	return n
}

// heard returns the probes that were answered, in order.
func (sp *spot) heard() (heard []*entry) {
	for _, e := range sp.entries {
		if e.State.Heard() {
			heard = append(heard, e)
		}
	}
	return heard
}

// passes calls yield with every vertex that the flow was seen at.
func (sp *spot) passes(yield func(*vertex)) {
	if sp.vertex != nil {
		yield(sp.vertex)
	}
	for _, v := range sp.others {
		yield(v)
	}
}

// seenAt reports whether the flow was seen at that address before.
func (sp *spot) seenAt(addr netip.Addr) (seen bool) {
	sp.passes(func(v *vertex) { seen = seen || v.addr == addr })
	return seen
}
