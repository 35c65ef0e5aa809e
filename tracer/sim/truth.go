package sim

import (
	"net/netip"
	"slices"
)

// Truth is what a trace must find, with probes of 100 bytes or less, up to 30
// hops and a gap limit of 8. It holds for both families.
type Truth struct {
	// Protocols names the probe protocols that it holds for; none means all.
	Protocols []string `toml:"protocols"`
	// Reached says that the target answers.
	Reached bool `toml:"reached"`
	// Stop is the name of the tracer's stop reason.
	Stop string `toml:"stop"`
	// Hops holds the hop of TTL 1 first. Hops after the last are silent.
	Hops []TruthHop `toml:"hops"`
	// MTU tells where the path MTU drops for packets that start with 1500 bytes,
	// in order of hop.
	MTU []TruthMTU `toml:"mtu"`
	// Links names the two ends of every link that packets to the target can
	// take, or of a scenario with destinations, packets to its neighbours too;
	// silent nodes are named as well. None means that the truth is of one path.
	Links [][2]string `toml:"links"`
	// Diamonds tells the diamonds, in order, of a truth with links.
	Diamonds []TruthDiamond `toml:"diamonds"`
	TruthBoxes
	// Verdicts tells what unanswered probes mean; hops without lose nothing.
	Verdicts []TruthVerdict `toml:"verdicts"`
	// RouteChanges names the hops, in order of time, from which on routes change.
	RouteChanges []int `toml:"route_changes"`
}

// TruthMTU is a drop of the path MTU.
type TruthMTU struct {
	// Hop is the TTL of the last hop before it, Behind that of the first one
	// known to be behind; 0: the next.
	Hop    int `toml:"hop"`
	Behind int `toml:"behind"`
	// MTU is the largest packet in bytes that passes.
	MTU int `toml:"mtu"`
	// Message says that a message tells of it.
	Message bool `toml:"message"`
	// Claim is what that message is worth: see pmtu.Worth; empty: "true".
	Claim string `toml:"claim"`
}

// TruthVerdict is what unanswered probes of a hop mean: a name of a loss.Kind.
type TruthVerdict struct {
	Hop     int    `toml:"hop"`
	Verdict string `toml:"verdict"`
}

// TruthDiamond is what lies between two nodes that all packets pass, with several
// ways from one to the other.
type TruthDiamond struct {
	// From and To are those nodes; no To means that the ways end apart.
	From string `toml:"from"`
	To   string `toml:"to"`
	// Width is the most nodes at one TTL, Length the number of links on the
	// longest way.
	Width  int `toml:"width"`
	Length int `toml:"length"`
	// Meshed says that ways meet inside and part again, Uneven that the nodes
	// of some TTL have different numbers of links.
	Meshed bool `toml:"meshed"`
	Uneven bool `toml:"uneven"`
}

// Holds reports whether the truth is about probes of the protocol.
func (t Truth) Holds(protocol string) bool {
	return len(t.Protocols) == 0 || slices.Contains(t.Protocols, protocol)
}

// TruthHop is what is true of the probes of one TTL.
type TruthHop struct {
	// Nodes names those of which answers can be told to answer a probe; none
	// if the hop looks silent.
	Nodes []string `toml:"nodes"`
	// RTT is the least round-trip time: that of a probe without jitter.
	RTT Duration `toml:"rtt"`
	// Back is the length in hops of the way back, where it is not the way there.
	Back int `toml:"back"`
	// Says holds the lines, as people read them, that ICMP extensions of IPv4
	// answers make.
	Says []string `toml:"says"`
}

// Addresses returns where the answers to probes of a TTL may come from; nil
// means that the hop looks silent.
func (s *Scenario) Addresses(ttl int, ipv6 bool) []netip.Addr {
	if ttl < 1 || ttl > len(s.Truth.Hops) {
		return nil
	}
	var all []netip.Addr
	for _, name := range s.Truth.Hops[ttl-1].Nodes {
		all = append(all, s.node(name).sources(ipv6)...)
	}
	return all
}

// TargetAddr returns the target's address of a family; it is not valid if the
// target has none.
func (s *Scenario) TargetAddr(ipv6 bool) netip.Addr {
	return s.node(s.Target).address(ipv6)
}

// node returns the node of that name, which must exist: see check.
func (s *Scenario) node(name string) *Node {
	for i := range s.Nodes {
		if s.Nodes[i].Name == name {
			return &s.Nodes[i]
		}
	}
	return nil
}

func (n *Node) address(ipv6 bool) netip.Addr {
	if ipv6 {
		return n.V6
	}
	return n.V4
}

// sources returns the addresses of a family that its ICMP errors come from.
func (n *Node) sources(ipv6 bool) []netip.Addr {
	var all []netip.Addr
	for _, a := range n.AddressPerAnswer {
		if a.Is6() == ipv6 {
			all = append(all, a)
		}
	}
	if own := n.address(ipv6); all == nil && own.IsValid() {
		all = []netip.Addr{own}
	}
	return all
}
