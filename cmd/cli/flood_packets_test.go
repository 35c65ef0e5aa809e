package cli_test

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// The kinds of packets in a flood.
const (
	kindForeign = iota // time exceeded that quotes strangers
	kindNear           // port unreachable that quotes a probe, but for its source port
	kindCut            // time exceeded whose quote ends too early
	kindEcho           // echo reply of the target, to another's echo
	kindCopy           // of a true answer
)

// foreigners makes the packets of a flood, none of which answers a probe.
type foreigners struct {
	t    testing.TB
	from lab.Node // who sends the errors
	to   lab.Node
	near lab.Node // whom the traces are to
}

func newForeigners(t testing.TB, l *lab.Lab) *foreigners {
	nodes := l.Nodes()
	return &foreigners{t, nodes[1], nodes[0], nodes[len(nodes)-1]}
}

// next may be called from several goroutines.
func (f *foreigners) next() packet {
	ipv6 := rand.N(2) == 0
	switch kind := uint8(rand.N(kindCopy)); kind {
	case kindForeign:
		return packet{kind, f.exceeded(ipv6, f.quote(stranger(ipv6), address(f.to, ipv6)))}
	case kindNear:
		return packet{kind, f.unreachable(ipv6, f.quote(address(f.near, ipv6), address(f.to, ipv6)))}
	case kindCut:
		whole := f.quote(address(f.near, ipv6), address(f.to, ipv6))
		return packet{kind, f.exceeded(ipv6, whole[:rand.N(headerLen(ipv6)+8)])}
	default:
		return packet{kindEcho, f.echoReply(ipv6)}
	}
}

// lowPort is below the ports that the kernel gives to probes (net.ipv4.ip_local_port_range).
func lowPort() uint16 { return 1 + rand.N[uint16](32_000) }

func stranger(ipv6 bool) netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[8:], rand.Uint64())
	if !ipv6 {
		return netip.AddrFrom4([4]byte{198, 51, 100, b[15]}) // RFC 5737
	}
	copy(b[:], []byte{0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff}) // RFC 3849
	return netip.AddrFrom16(b)
}

// quote is a packet that a tracer could have sent, had it that source port.
func (f *foreigners) quote(target, source netip.Addr) []byte {
	p := probe.Protocols[rand.N(len(probe.Protocols))]
	flow := probe.Flow{
		Source: source, Target: target, SourcePort: lowPort(), TargetPort: p.DefaultPort(), Secret: 1 + rand.N[uint16](0xfff0),
	}
	for {
		ident := uint16(rand.Uint32())
		if !flow.Usable(ident) {
			continue
		}
		packet, err := p.Marshal(flow, 1, ident)
		if err != nil {
			f.t.Error(err)
		}
		return packet
	}
}

func (f *foreigners) exceeded(ipv6 bool, quote []byte) []byte {
	return f.icmpError(ipv6, map[bool][2]uint8{false: {11, 0}, true: {3, 0}}[ipv6], quote)
}

func (f *foreigners) unreachable(ipv6 bool, quote []byte) []byte {
	return f.icmpError(ipv6, map[bool][2]uint8{false: {3, 3}, true: {1, 4}}[ipv6], quote)
}

func (f *foreigners) icmpError(ipv6 bool, kind [2]uint8, quote []byte) []byte {
	return wiretest.ICMPError{
		From: address(f.from, ipv6), To: address(f.to, ipv6), Type: kind[0], Code: kind[1], TTL: 64, Quote: quote,
	}.Packet()
}

// echoReply is an error whose body is made a reply's.
func (f *foreigners) echoReply(ipv6 bool) []byte {
	from, to := address(f.near, ipv6), address(f.to, ipv6)
	message := wire.Echo{Reply: true, ID: lowPort(), Sequence: uint16(rand.Uint32())}.Append(nil, from, to, make([]byte, 32))
	e := wiretest.ICMPError{From: from, To: to, TTL: 64, Quote: message[8:]}.Packet()
	return append(e[:headerLen(ipv6)], message...)
}

func headerLen(ipv6 bool) int {
	if ipv6 {
		return 40
	}
	return 20
}
