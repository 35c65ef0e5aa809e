package sim

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Balance is how a node chooses among those that it forwards to.
type Balance string

// The balancers.
const (
	PerFlow        Balance = "flow"
	PerPacket      Balance = "packet"
	AtRandom       Balance = "random"
	PerDestination Balance = "destination"
)

// balancers give a number whose remainder chooses the next node.
var balancers = map[Balance]func(*router, *datagram) uint64{
	"":             byFlow,
	PerFlow:        byFlow,
	PerPacket:      byPacket,
	AtRandom:       byChance,
	PerDestination: byDestination,
}

func (r *router) choose(d *datagram, ways []*router) *router {
	number := balancers[r.Balance](r, d)
	r.forwarded++
	return ways[number%uint64(len(ways))]
}

// ways returns the nodes that it forwards to, so long after the first packet.
func (r *router) ways(since time.Duration) []*router {
	if r.NextAfter != nil && since >= r.NextAfter.At.Duration {
		return r.later
	}
	return r.next
}

// byFlow hashes what routers do: addresses, protocol, IPv6 flow label (RFC
// 6438) and the first four bytes behind the IP header, which are the ports or,
// with ICMP, type, code and checksum (Augustin et al., IMC 2006, section 2).
func byFlow(r *router, d *datagram) uint64 {
	key := append(d.source().AsSlice(), d.target().AsSlice()...)
	key = append(key, byte(d.protocol()))
	if d.ipv6() {
		key = binary.BigEndian.AppendUint32(key, d.v6.FlowLabel)
	}
	return r.hash(append(key, d.body[:min(4, len(d.body))]...))
}

// byPacket takes them in turn.
func byPacket(r *router, _ *datagram) uint64 { return r.forwarded }

// byChance takes any of them for each packet. It draws from a generator of its own,
// so that it moves no other draw.
func byChance(r *router, _ *datagram) uint64 {
	return rand.NewPCG(r.forwarded, r.salt).Uint64()
}

func byDestination(r *router, d *datagram) uint64 {
	return r.hash(append(d.source().AsSlice(), d.target().AsSlice()...))
}

func (r *router) hash(key []byte) uint64 {
	h := fnv.New64a()
	h.Write(key)
	// FNV spreads the last bytes over some of the bits only; PCG mixes them.
	return rand.NewPCG(h.Sum64(), r.salt).Uint64()
}
