package stats

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Group is what some answered probes measured.
type Group struct {
	Sources  Sources
	Division Division
}

// Add enters the stamps of one answered probe.
func (g *Group) Add(stamps *stamp.Set) {
	g.Sources.Add(stamps)
	g.Division.Add(stamps)
}

// Responder is what the probes measured that one address answered, by one path.
type Responder struct {
	Addr netip.Addr
	// Route is the number of the path, from 0: see [Path.Routes].
	Route int
	// Answered is the number of probes answered, in time or late, timed or not.
	Answered int
	Group
}

// Hop sums up the probes of one TTL. Answers of different addresses are never
// mixed: they come from different routers, or by different ways.
type Hop struct {
	TTL int
	// Probes counts all there were, by what became of them: an index is a
	// tracer.State.
	Probes tracer.Counts
	// Duplicates is the number of answers to probes answered before.
	Duplicates int
	// Responders holds those that answered, who answered most first.
	Responders []*Responder
}

// Path sums up the probes of many traces to one target. The zero value is empty
// and ready.
type Path struct {
	hops   map[int]*Hop
	routes routes
	// Total is over all hops and addresses. Of its jitter there is none to
	// speak of, since samples of different hops follow each other.
	Total Group
}

// Add enters the probes of a hop.
func (p *Path) Add(h tracer.Hop) { p.add(h, 0) }

func (p *Path) add(h tracer.Hop, route int) {
	hop := p.hop(h.TTL)
	for i := range h.Probes {
		probe := &h.Probes[i]
		hop.Probes[probe.State]++
		hop.Duplicates += probe.Duplicates
		if probe.State.Heard() {
			r := hop.responder(probe.Answer.From, route)
			r.Answered++
			r.Add(&probe.Stamps)
			p.Total.Add(&probe.Stamps)
		}
	}
}

func (p *Path) hop(ttl int) *Hop {
	h := p.hops[ttl]
	if h == nil {
		h = &Hop{TTL: ttl}
		if p.hops == nil {
			p.hops = map[int]*Hop{}
		}
		p.hops[ttl] = h
	}
	return h
}

func (h *Hop) responder(from netip.Addr, route int) *Responder {
	from = from.Unmap()
	for _, r := range h.Responders {
		if r.Addr == from && r.Route == route {
			return r
		}
	}
	r := &Responder{Addr: from, Route: route}
	h.Responders = append(h.Responders, r)
	return r
}

// Hops returns the hops in order of TTL.
func (p *Path) Hops() (hops []*Hop) {
	for _, h := range p.hops {
		slices.SortStableFunc(h.Responders, func(a, b *Responder) int { return cmp.Compare(b.Answered, a.Answered) })
		hops = append(hops, h)
	}
	slices.SortFunc(hops, func(a, b *Hop) int { return cmp.Compare(a.TTL, b.TTL) })
	return hops
}

// Sent returns how many probes the kernel took.
func (h *Hop) Sent() int { return h.Probes.Sent() }

// Answered returns how many probes were answered, in time or late.
func (h *Hop) Answered() int { return h.Probes.Answered() }
