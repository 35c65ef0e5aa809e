package multipath

import (
	"net/netip"
	"time"
)

// vertex is an interface at a hop, or a star: the silence there behind another
// vertex.
type vertex struct {
	hop   *hop
	addr  netip.Addr // not valid: a star
	via   *vertex    // whose flows are silent here; a star's alone
	index int        // in hop.vertices
	spots []*spot    // the flows seen there
	// heard counts its answers, missed the probes that it is believed not to have
	// answered, as it did when asked again.
	heard, missed int
	// givenUp says that no more flows are looked for.
	givenUp bool
	balance
	relations
}

// relations is what the spots of a vertex's flows say of its neighbours. It is
// worked out anew when it is stale.
type relations struct {
	stale bool
	// flows is the number of flows through the vertex of which the next hop is
	// known, so far as they are a fair sample; pending those being asked for.
	flows, pending int
	// unasked is a flow not yet asked for at the next hop, untraced one not at
	// the hop before; nil: there is none.
	unasked, untraced *flow
	// next and prev count the flows on links, by the index of the other end.
	next, prev []int
	// forth is the sum of next; successors and predecessors are how many there
	// are of each.
	forth, successors, predecessors int
	// back is the number of flows that were seen at the hop before as well, and
	// not only taken to have passed its only vertex; backPending of those being
	// asked for there.
	back, backPending int
	// ended and going count the flows seen here that end here, or don't.
	ended, going int
	// rounds is how often the flows came here before.
	rounds int
}

func (v *vertex) star() bool { return !v.addr.IsValid() }

// terminal reports whether all flows end here.
func (v *vertex) terminal() bool { return v.ended > 0 && v.going == 0 }

// hop is all that has one TTL.
type hop struct {
	ttl      int
	vertices []*vertex
	spots    []*spot // in the order in which they were asked for
	pending  int     // spots not resolved
	ends     int     // spots at which flows end
	known    map[netip.Addr]*vertex
	stars    map[*vertex]*vertex // by via
	// crooked says that a diamond here is meshed or not uniform.
	crooked bool
	pacing
}

// pacing is how often a hop is probed, and what it does with it.
type pacing struct {
	heard    int // answers
	missed   int // probes without answer, of spots that were answered
	silent   int // spots believed silent
	gap      time.Duration
	readyAt  time.Time
	slowedAt time.Time
}

func newHop(ttl int) *hop {
	return &hop{ttl: ttl, known: map[netip.Addr]*vertex{}, stars: map[*vertex]*vertex{}}
}

// interfaceAt returns the vertex with that address.
func (h *hop) interfaceAt(addr netip.Addr) *vertex {
	if h.known[addr] == nil {
		h.known[addr] = &vertex{hop: h, addr: addr}
	}
	return h.known[addr]
}

// starBehind returns the silence behind a vertex.
func (h *hop) starBehind(via *vertex) *vertex {
	if h.stars[via] == nil {
		h.stars[via] = &vertex{hop: h, via: via}
	}
	return h.stars[via]
}

// enter puts a spot to a vertex. It reports whether the vertex is new to the hop.
func (h *hop) enter(v *vertex, sp *spot) (isNew bool) {
	if len(v.spots) == 0 {
		v.index = len(h.vertices)
		h.vertices = append(h.vertices, v)
		isNew = true
	}
	v.spots = append(v.spots, sp)
	return isNew
}

// clear takes all spots off their vertices.
func (h *hop) clear() {
	for _, v := range h.vertices {
		v.spots = nil
	}
	for _, sp := range h.spots {
		sp.vertex, sp.others = nil, nil
	}
	h.vertices, h.ends = nil, 0
}
