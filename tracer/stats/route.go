package stats

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

const (
	// maxRoutes is the most paths that are told apart, and minSwitches how
	// often rounds go from one to another before they may pass for taking turns.
	maxRoutes   = 8
	minSwitches = 3
	// turning is how likely so few switches have to be by chance for paths not
	// to be taken by turns.
	turning = 0.05
)

// Route is one of several paths that rounds took, known by who answered where.
type Route struct {
	// Rounds is how many took it, from First on, which is when the first probe
	// of its first round was sent.
	Rounds int
	First  time.Time
	// Change is the lowest TTL at which another address answered than in the
	// round before; 0 with the first.
	Change int
	addrs  map[int]netip.Addr
}

// routes tells rounds apart. Hops that are silent in a round fit every path.
type routes struct {
	all      []*Route
	at       int // the last round's
	switches int
	turns    bool // rounds take turns, so that no round is of one path
}

// assign returns the path of a round, a new one if no other fits; 0 if rounds take
// turns. That of the round before is tried first.
func (r *routes) assign(hops []tracer.Hop) int {
	round := responders(hops)
	if r.turns || len(round) == 0 {
		return r.at
	}
	i := r.at
	if i >= len(r.all) || r.all[i].differs(round) != 0 {
		i = slices.IndexFunc(r.all, func(o *Route) bool { return o.differs(round) == 0 })
	}
	if i < 0 {
		i = len(r.all)
		r.all = append(r.all, r.begin(hops, round))
	}
	if i != r.at {
		r.switches++
	}
	r.at = i
	r.all[i].enter(round)
	if r.turning() {
		*r = routes{turns: true}
	}
	return r.at
}

// begin makes a path of a round that fits none.
func (r *routes) begin(hops []tracer.Hop, round map[int]netip.Addr) *Route {
	o := &Route{First: began(hops), addrs: map[int]netip.Addr{}}
	if len(r.all) > 0 {
		o.Change = r.all[r.at].differs(round)
	}
	return o
}

func (o *Route) enter(round map[int]netip.Addr) {
	o.Rounds++
	for ttl, addr := range round {
		o.addrs[ttl] = addr
	}
}

// AddRound enters the hops of a round, which has a probe each. Where a round takes
// another path than the last, what it measured is kept apart: the same address may be
// farther away by one path than by another. It returns the number of its path, from 0.
func (p *Path) AddRound(hops []tracer.Hop) int {
	before := p.routes.turns
	route := p.routes.assign(hops)
	if p.routes.turns && !before {
		p.join()
	}
	for _, h := range hops {
		p.add(h, route)
	}
	return route
}

// Routes returns the paths that rounds took, in order of their first one; nil if there
// was one only, or if they took turns, as where packets are balanced one by one.
func (p *Path) Routes() []*Route {
	if len(p.routes.all) < 2 {
		return nil
	}
	return p.routes.all
}

// join puts together what was kept apart.
func (p *Path) join() {
	for _, h := range p.hops {
		slices.SortStableFunc(h.Responders, func(a, b *Responder) int { return cmp.Compare(a.Route, b.Route) })
		apart := h.Responders
		h.Responders = nil
		for _, r := range apart {
			h.responder(r.Addr, 0).merge(r)
		}
	}
}
