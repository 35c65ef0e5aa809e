// Package probe knows the protocols that a path can be probed with.
//
// All probes of a [Flow] look the same to a per-flow load balancer (Paris
// traceroute, Augustin et al., IMC 2006): addresses, ports, ICMP checksum and
// flow label stay constant. What tells them apart is an identifier of 16 bits
// that lies where balancers don't look and that survives in the 8 bytes of
// transport header which every ICMP error quotes:
//
//	UDP   the checksum, made to come out by two bytes of payload
//	ICMP  the echo's sequence number, its checksum kept constant by payload
//	TCP   the low half of the sequence number
//
// Over IPv4 the identification field carries it too, mixed with the flow's
// secret, for quotes that an address translator changed.
package probe

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Flow is what the probes of one flow have in common.
type Flow struct {
	// Source and Target are of one family, without zone.
	Source, Target netip.Addr
	// SourcePort is the UDP or TCP source port, or the echo identifier.
	SourcePort uint16
	// TargetPort is the UDP or TCP destination port; ICMP has none.
	TargetPort uint16
	// FlowLabel is the IPv6 flow label, 20 bits.
	FlowLabel uint32
	// TrafficClass is the TOS byte or traffic class.
	TrafficClass uint8
	// DontFragment sets DF; IPv6 routers never fragment.
	DontFragment bool
	// Size is the length of the whole packet in bytes, IP header included.
	// Zero means the protocol's default.
	Size int
	// Secret is random for each run. It mixes the IPv4 identification, and
	// is the high half of the TCP sequence number.
	Secret uint16
	// Variant tells flows of echo requests apart, which have no ports: it is
	// added to the ICMP checksum, in ones' complement. 0 and 0xffff are one
	// variant. UDP and TCP don't look at it.
	Variant uint16
}

// Sized returns the flow with packets of so many bytes; of 0, as it is.
func (f Flow) Sized(size int) Flow {
	if size > 0 {
		f.Size = size
	}
	return f
}

// IPv6 reports the flow's family.
func (f Flow) IPv6() bool { return f.Target.Is6() }

// Protocol builds the probes of one protocol. A new one is a file in this
// package and a line in [Protocols].
type Protocol interface {
	// Name is the protocol's name in lower case, as users type it.
	Name() string
	// Number is the IP protocol number (IPv6: next header) of the probes.
	Number(ipv6 bool) uint8
	// DefaultPort is the destination port where the user names none; 0 for
	// a protocol without ports.
	DefaultPort() uint16
	// MinSize is the length in bytes of the shortest probe that can carry an
	// identifier, IP header included.
	MinSize(ipv6 bool) int
	// Marshal returns the whole IP packet of the probe with the given TTL or
	// hop limit and identifier. The identifier must be usable in the flow
	// ([Flow.Usable]).
	// Errors say which of the flow's fields is at fault.
	Marshal(f Flow, ttl uint8, ident uint16) ([]byte, error)
	// Vary returns the n-th flow of the family that the flow begins, for n from
	// 0 to MaxFlow, as Flow.Nth does, but for the flow label.
	Vary(f Flow, n int) Flow
	// Arrived reports whether an answer means that the probe reached its
	// target. The kind of the answer decides, not its address: behind an
	// anycast or translated address somebody else's may answer.
	Arrived(a wire.Answer) bool
}

// Protocols lists the protocols, the default first.
var Protocols = []Protocol{UDP{}, ICMP{}, TCP{}}

// ByName returns the protocol of that name.
func ByName(name string) (Protocol, error) {
	names := make([]string, len(Protocols))
	for i, p := range Protocols {
		if p.Name() == name {
			return p, nil
		}
		names[i] = p.Name()
	}
	return nil, fmt.Errorf("unknown protocol %q: use one of %s", name, strings.Join(names, ", "))
}

// Usable reports whether ident can mark a probe of the flow. A UDP checksum of
// 0 means none, and 0 and 0xffff are one number in ones' complement (RFC 768);
// the kernel replaces an IPv4 identification of 0.
func (f Flow) Usable(ident uint16) bool {
	return ident != 0 && ident != 0xffff && ident != f.Secret
}
