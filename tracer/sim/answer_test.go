package sim

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
)

// testAnswer is what a delivery holds.
type testAnswer struct {
	after         time.Duration
	from, to      netip.Addr
	ttl, tos      uint8
	kind          string // time_exceeded, port_unreachable, ...
	body          []byte // behind the IP header
	quote         []byte // of ICMP errors
	mtu           int
	syn, ack, rst bool
}

// readAnswer parses a delivery and verifies its checksums.
func readAnswer(t testing.TB, d Delivery) testAnswer {
	t.Helper()
	p, err := parse(d.Packet)
	must(t, err)
	if p.length() != len(d.Packet) {
		t.Fatalf("answer claims %d bytes and has %d", p.length(), len(d.Packet))
	}
	if !headerIntact(p) {
		t.Fatal("IPv4 header checksum of the answer is wrong")
	}
	a := testAnswer{after: d.After, from: p.source(), to: p.target(), ttl: p.ttl(), tos: p.tos(), body: p.body}
	a.read(t, p)
	return a
}

func (a *testAnswer) read(t testing.TB, p *datagram) {
	t.Helper()
	var (
		udp   layers.UDP
		tcp   layers.TCP
		icmp4 layers.ICMPv4
		icmp6 layers.ICMPv6
		why   Drop
	)
	switch p.protocol() {
	case layers.IPProtocolUDP:
		why, a.kind = decode(p, &udp), "udp"
	case layers.IPProtocolTCP:
		why, a.kind = decode(p, &tcp), "tcp"
		a.syn, a.ack, a.rst = tcp.SYN, tcp.ACK, tcp.RST
	case layers.IPProtocolICMPv4:
		why, a.kind = decode(p, &icmp4), fmt.Sprintf("%d/%d", p.body[0], p.body[1])
		a.quote, a.mtu = p.body[8:], int(icmp4.Seq)
	case layers.IPProtocolICMPv6:
		why, a.kind = decode(p, &icmp6), fmt.Sprintf("%d/%d", p.body[0], p.body[1])
		a.quote, a.mtu = p.body[8:], int(p.get(6))
	}
	if why != "" {
		t.Fatalf("transport of the answer: %s", why)
	}
}
