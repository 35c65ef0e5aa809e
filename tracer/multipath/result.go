package multipath

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Result is the graph that one run found, and how far it is to be trusted.
type Result struct {
	// Source is the address that the probes were sent from.
	Source, Target netip.Addr
	// Protocol is the name of the probes' protocol.
	Protocol string
	// Flow is flow 0; see Packet.
	Flow probe.Flow
	// Started is the wall clock at the first probe.
	Started time.Time
	Elapsed time.Duration
	// Stop is why the ways end where they do. It is tracer.StopInterrupted if the
	// context or a budget ended the run before the target was reached, and with
	// the context also after that.
	Stop tracer.StopReason
	// Nodes holds the source, then the vertices in order of hop.
	Nodes []*Node
	// Links are in order of their ends.
	Links    []Link
	Diamonds []Diamond
	// Wanted is the confidence asked for, Confidence that reached: the
	// probability, at least, that all was found which flows can tell. It rests on
	// even balancing and, at hops where MDA-Lite did, on their diamonds' being
	// as they seem.
	Wanted, Confidence float64
	// Lite holds the hops at which MDA-Lite spared probes.
	Lite []int
	// Spent is the number of probes sent, Theory what plain MDA would send, at
	// the mean, for the same graph without losses and without telling kinds of
	// balancing apart.
	Spent  int
	Theory float64
	// Flows is the number of flows used, Destinations that of other addresses.
	Flows, Destinations int
	Doubts              []Doubt
	// Probes holds every probe, in the order of sending. Those to a neighbour of
	// the target have its number, negative, for a flow.
	Probes []tracer.Probe
	// At holds, for each of the Probes, the node that its answer came from; -1:
	// it has none, or from beyond the end of a way.
	At []int
	// Paths holds, for each flow, the nodes that it was seen at or is known to
	// pass, in order of hop.
	Paths [][]int
	// Counters is what the source counted, Tally what the run did.
	Counters tracer.Counters
	Tally    Tally
	// NextIdent is the identifier that the run would have used next.
	NextIdent uint16

	stuck bool
}

// Reached reports whether the target answered.
func (r *Result) Reached() bool { return r.Stop == tracer.StopReached }

// Node is a vertex: an interface at a hop, or the silence there behind another. The
// same interface at two hops is two nodes.
type Node struct {
	// Hop is the TTL at which it answers; one less than the first for the source.
	Hop int
	// Addr is its address; not valid: a star, which is silent.
	Addr netip.Addr
	// Flows holds the numbers of the flows seen here, in order.
	Flows []int
	// Probes is the number of probes sent for those flows at this hop, Answered
	// how many of them it answered.
	Probes, Answered int
	// RTT holds the round-trip times of all answers.
	RTT stats.Distribution
	// Balance is how it chooses among its next hops.
	Balance Balance
	// Missed is the probability that one more next hop would have been missed,
	// had there been one.
	Missed float64
	// Target says that it is the target, Unreachable that it says of some flows
	// that there is no way on, Loop that flows came here before.
	Target, Unreachable, Loop bool
	// Elsewhere says that only packets to other addresses come here.
	Elsewhere bool
}

// Star reports whether nobody answers here.
func (n *Node) Star() bool { return !n.Addr.IsValid() }

// Link says that packets go from one node to another.
type Link struct {
	// From and To are indices of Result.Nodes.
	From, To int
	// Flows holds the numbers of the flows seen on it, in order. It is empty if
	// only packets to other addresses take it, or if it is not sure.
	Flows []int
	// Sure says that flows were seen on it; otherwise it is one of several that
	// may be, behind a node that balances per packet. (Among several that such a
	// node chooses from, one that is silent cannot be seen.)
	Sure bool
	// Elsewhere says that only packets to other addresses take it.
	Elsewhere bool
}

// Path returns the nodes that a flow was seen at or is known to pass, in order of
// hop; nil for a flow not used.
func (r *Result) Path(flow int) []int {
	if flow < 0 || flow >= len(r.Paths) {
		return nil
	}
	return r.Paths[flow]
}

// Packet returns the packet that a probe of the run was sent as, IP header first.
// The error says why there is none, as for a Result that no run returned.
func (r *Result) Packet(p tracer.Probe) ([]byte, error) {
	protocol, err := probe.ByName(r.Protocol)
	if err != nil {
		return nil, err
	}
	f := r.Flow
	if p.Flow < 0 {
		others := around(f.Target, -p.Flow)
		if len(others) <= -p.Flow {
			return nil, fmt.Errorf("the target has no %d neighbours", -p.Flow)
		}
		f.Target = others[-p.Flow]
	} else {
		f = f.Nth(protocol, p.Flow)
	}
	return protocol.Marshal(f, uint8(p.TTL), p.Ident)
}

// FlowRTT returns the round-trip times of one flow at one node.
func (r *Result) FlowRTT(flow, node int) *stats.Distribution {
	var d stats.Distribution
	n := r.Nodes[node]
	for i := range r.Probes {
		p := &r.Probes[i]
		if p.Flow == flow && p.TTL == n.Hop && p.State.Heard() && p.Timing.Name != "" && p.Answer.From == n.Addr {
			d.Add(p.RTT)
		}
	}
	return &d
}
