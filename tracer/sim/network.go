package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Network walks packets through the nodes of a scenario. It is for one
// goroutine at a time.
type Network struct {
	entry    *router
	random   *rand.Rand
	began    time.Time // when the first packet came
	counters Counters
}

// Delivery is a packet that comes back.
type Delivery struct {
	// After is the time from the packet that was handled to this one.
	After time.Duration
	// Packet is a whole IP packet, the receiver's to keep.
	Packet []byte
}

// router is a node at work: what it is, and what it remembers.
type router struct {
	*Node
	next      []*router
	later     []*router // what NextAfter replaces next by
	salt      uint64    // makes two balancers on a path choose independently
	forwarded uint64    // packets sent on, for balancing in turn
	answered  uint64    // errors sent, for changing sources
	ident     uint16    // of the last IPv4 answer
	bucket    bucket
}

// New returns a network that behaves alike whenever it is made with the same
// seed and given the same packets at the same times. The scenario must come
// from [Parse] or [Load] and stay as it is.
func New(s *Scenario, seed uint64) *Network {
	routers := make(map[string]*router, len(s.Nodes))
	for i := range s.Nodes {
		routers[s.Nodes[i].Name] = newRouter(&s.Nodes[i], seed)
	}
	for _, r := range routers {
		for _, name := range r.Next {
			r.next = append(r.next, routers[name])
		}
		if r.NextAfter != nil {
			for _, name := range r.NextAfter.Next {
				r.later = append(r.later, routers[name])
			}
		}
	}
	return &Network{
		entry:    routers[s.Entry],
		random:   rand.New(rand.NewPCG(seed, 0)),
		counters: Counters{Dropped: make(map[Drop]uint64)},
	}
}

func newRouter(n *Node, seed uint64) *router {
	h := fnv.New64a()
	h.Write([]byte(n.Name))
	r := &router{Node: n, salt: h.Sum64() ^ seed}
	if n.RateLimit != nil {
		r.bucket = newBucket(*n.RateLimit)
	}
	return r
}

// Handle takes an IP packet that leaves the tracer's host at the given time and
// returns what comes back. It keeps neither packet nor clock: times may come
// from any clock, if always from the same. What brings no answer is counted.
func (n *Network) Handle(now time.Time, packet []byte) []Delivery {
	n.counters.Packets++
	if n.began.IsZero() {
		n.began = now
	}
	d, err := parse(packet)
	if err != nil {
		return n.drop(DropMalformed)
	}
	if !headerIntact(d) {
		return n.drop(DropBadChecksum)
	}
	return n.walk(&journey{sent: now, original: d, packet: d.clone()})
}

// headerIntact verifies the checksum of an IPv4 header (RFC 1812, 5.2.2).
func headerIntact(d *datagram) bool {
	if d.ipv6() {
		return true
	}
	_, sum := d.v4.VerifyChecksum()
	return sum.Valid
}

// chance draws whether something of that probability happens. The certain draws
// nothing, so that it moves no other draw.
func (n *Network) chance(p float64) bool {
	return p > 0 && n.random.Float64() < p
}

// delay draws the time that one passage of the link to r takes.
func (n *Network) delay(r *router) time.Duration {
	if r.Jitter.Duration == 0 {
		return r.Delay.Duration
	}
	return r.Delay.Duration + time.Duration(n.random.Int64N(int64(r.Jitter.Duration)))
}

func (r *router) owns(d *datagram) bool {
	return r.address(d.ipv6()) == d.target()
}

// nextIdent numbers the IPv4 packets that a node sends.
func (r *router) nextIdent() uint16 {
	r.ident++
	return r.ident
}

// initialTTL is the TTL that its answers start with.
func (r *router) initialTTL() uint8 {
	switch {
	case r.TTLReply != 0:
		return r.TTLReply
	case len(r.next) == 0:
		return 64
	}
	return 255
}
