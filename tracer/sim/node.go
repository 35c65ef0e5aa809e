package sim

import (
	"net/netip"
)

// Node is a router, and the target of packets to its own addresses. The zero
// value of a field is the habit of a well-behaved one.
type Node struct {
	Name string `toml:"name"`
	// V4 and V6 are its addresses. It forwards packets of a family in which
	// it has none, but cannot answer them.
	V4 netip.Addr `toml:"v4"`
	V6 netip.Addr `toml:"v6"`
	// Next names the nodes that it forwards to; with none, it answers that
	// there is no route. Nodes may form a loop.
	Next []string `toml:"next"`
	// NextAfter replaces Next at some time.
	NextAfter *NextAfter `toml:"next_after"`
	// Balance says how it chooses among them: "flow" (the default), "packet"
	// in turn, "random" for each packet, or "destination".
	Balance Balance `toml:"balance"`
	// Delay is the one-way delay of the link to it, either way; each passage
	// adds up to Jitter, evenly spread.
	Delay  Duration `toml:"delay"`
	Jitter Duration `toml:"jitter"`

	Forwarding
	Rewriting
	Answering
	Services
}

// Forwarding is what a node does to packets that pass it.
type Forwarding struct {
	// Loss is the probability that it drops a packet instead of forwarding.
	Loss float64 `toml:"loss"`
	// MTU in bytes of what it forwards to, 0 for any. IPv4 packets without
	// DF pass whole all the same: fragments are not simulated.
	MTU int `toml:"mtu"`
	// MTUSilent makes it a black hole: what exceeds the MTU is dropped and no
	// message sent. MTUClaim is what messages say instead of the MTU; 0 is what
	// routers older than RFC 1191 say.
	MTUSilent bool `toml:"mtu_silent"`
	MTUClaim  *int `toml:"mtu_claim"`
	// Unreachable names the code that it answers with instead of forwarding,
	// whatever the TTL: "net", "host", "admin" and others.
	Unreachable string `toml:"unreachable"`
	// TOSRewrite replaces the TOS byte or traffic class; DSCP its upper six
	// bits, leaving ECN alone.
	TOSRewrite *uint8 `toml:"tos_rewrite"`
	DSCP       *uint8 `toml:"dscp"`
	NAT        *NAT   `toml:"nat"`
}

// Answering is how a node answers.
type Answering struct {
	// Silent means that it never does.
	Silent bool `toml:"silent"`
	// RateLimit bounds its ICMP errors.
	RateLimit *RateLimit `toml:"rate_limit"`
	// AnswerLoss is the probability that an answer is lost on its way.
	AnswerLoss float64 `toml:"answer_loss"`
	// Duplicate is the number of extra copies of each answer.
	Duplicate int `toml:"duplicate"`
	// Late delays each answer.
	Late Duration `toml:"late"`
	// TTLReply is the TTL that answers start with: 255 by default, 64 for a
	// node that forwards to none.
	TTLReply uint8 `toml:"ttl_reply"`
	// AddressPerAnswer holds addresses that ICMP errors come from in turn.
	AddressPerAnswer []netip.Addr `toml:"address_per_answer"`
	// Quote is how ICMP errors quote: see [Quote].
	Quote Quote `toml:"quote"`
	// Spoof adds to each ICMP error one by a stranger.
	Spoof *Spoof `toml:"spoof"`
	// MPLS is the label stack told in errors (RFC 4950), the top first.
	MPLS []Label `toml:"mpls"`
	// InterfaceInfo is the interface told in errors (RFC 5837).
	InterfaceInfo *InterfaceInfo `toml:"interface_info"`
	// Objects are further extension objects told in errors, each whole and in
	// hexadecimal.
	Objects []string `toml:"objects"`
	// LegacyExtensions leaves out the length that RFC 4884, 3 asks for, as
	// routers did before it (section 5).
	LegacyExtensions bool `toml:"legacy_extensions"`
}

// Services is how a node answers packets to its own addresses.
type Services struct {
	// UDP is "port_unreachable" (the default), "reply" for a payload of its
	// own, "echo" for the payload that came, or "silent".
	UDP string `toml:"udp"`
	// TCP is "reset" (the default), "synack" or "silent".
	TCP string `toml:"tcp"`
	// ICMP says whether it answers echo requests; it does by default.
	ICMP *bool `toml:"icmp"`
}

// NextAfter is a change of route, At so long after the first packet of all.
type NextAfter struct {
	At   Duration `toml:"at"`
	Next []string `toml:"next"`
}

// RateLimit is a token bucket: Rate answers per second, Burst at once.
type RateLimit struct {
	Rate  float64 `toml:"rate"`
	Burst int     `toml:"burst"`
}

// Spoof is a stranger who quotes a packet that nobody sent.
type Spoof struct {
	V4 netip.Addr `toml:"v4"`
	V6 netip.Addr `toml:"v6"`
}

// Label is an MPLS label stack entry (RFC 3032, 2.1).
type Label struct {
	Label int `toml:"label"`
	TC    int `toml:"tc"`
	TTL   int `toml:"ttl"`
}

// InterfaceInfo is an interface by RFC 5837, 4. The address told is
// that of the message's family.
type InterfaceInfo struct {
	// Role is 0 for the incoming interface, 1 for the sub-interface of a bundle
	// there, 2 for the outgoing interface, 3 for the next hop.
	Role  int        `toml:"role"`
	Index int        `toml:"index"`
	Name  string     `toml:"name"`
	MTU   int        `toml:"mtu"`
	V4    netip.Addr `toml:"v4"`
	V6    netip.Addr `toml:"v6"`
}
