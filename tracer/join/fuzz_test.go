package join_test

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

const (
	testPort   = 45000
	testSecret = 0xbeef
)

var router = map[bool]netip.Addr{
	false: netip.MustParseAddr("192.0.2.1"), true: netip.MustParseAddr("2001:db8:1::1"),
}

func testFlow(ipv6 bool) probe.Flow {
	f := probe.Flow{SourcePort: testPort, TargetPort: 33434, Secret: testSecret}
	f.Source, f.Target = netip.MustParseAddr("198.18.0.2"), netip.MustParseAddr("203.0.113.10")
	if ipv6 {
		f.Source, f.Target = netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("2001:db8:f::10")
	}
	return f
}

// sent returns a joiner that was given three probes, and these.
func sent(t testing.TB, p probe.Protocol, ipv6 bool) (*join.Joiner, [][]byte) {
	t.Helper()
	j, err := join.New(join.Options{Protocol: p.Number(ipv6), SourcePort: testPort, Secret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	var packets [][]byte
	for ident := uint16(7); ident < 10; ident++ {
		packet, err := p.Marshal(testFlow(ipv6), 3, ident)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := j.Sent(packet); !ok || got != ident {
			t.Fatalf("%s probe %d was kept as %d, %v", p.Name(), ident, got, ok)
		}
		packets = append(packets, packet)
	}
	return j, packets
}

// expired is the answer of a router where the probe's TTL ended.
func expired(ipv6 bool, quote []byte) wiretest.ICMPError {
	kind := map[bool]uint8{false: 11, true: 3}[ipv6]
	return wiretest.ICMPError{From: router[ipv6], To: testFlow(ipv6).Source, Type: kind, TTL: 60, Quote: quote}
}

// FuzzJoin: whatever comes, nothing panics, each packet is counted once at the
// most, and what is joined is an answer to a probe that was sent.
func FuzzJoin(f *testing.F) {
	for i, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			_, packets := sent(f, p, ipv6)
			f.Add(byte(i), ipv6, expired(ipv6, packets[0]).Packet())
			f.Add(byte(i), ipv6, reply(p, ipv6, packets[1]))
		}
	}
	f.Fuzz(func(t *testing.T, which byte, ipv6 bool, packet []byte) {
		p := probe.Protocols[int(which)%len(probe.Protocols)]
		j, packets := sent(t, p, ipv6)
		before := bytes.Clone(packet)
		a, ok := j.Join(packet)
		c := j.Counters()
		if n := c.Answers + c.Unmatched + c.Foreign + c.Malformed; n > 1 || ok != (c.Answers == 1) {
			t.Errorf("counted %+v, joined %v", c, ok)
		}
		if !bytes.Equal(before, packet) {
			t.Error("the packet was changed")
		}
		if ok && (a.Ident < 7 || a.Ident > 9 || len(a.Packet) > join.SnapshotLen) {
			t.Errorf("joined to %d, %d bytes", a.Ident, len(a.Packet))
		}
		if ok && !a.Rewritten && !a.Unidentified {
			checkNamed(t, a.Packet, packets[a.Ident-7])
		}
	})
}

// checkNamed: of an ICMP error that was joined exactly, the quote is the probe.
func checkNamed(t *testing.T, answer, packet []byte) {
	t.Helper()
	m, err := wire.ParseAnswer(answer)
	if err != nil || m.Quote == nil {
		return
	}
	want, err := wire.ParseQuote(packet, answer[0]>>4 == 6)
	if err != nil || m.Quote.Source != want.Source || m.Quote.Target != want.Target ||
		!bytes.Equal(m.Quote.Transport[:8], want.Transport[:8]) {
		t.Errorf("quote %+v was joined to %+v", m.Quote, want)
	}
}

// reply is what the target answers to the probe.
func reply(p probe.Protocol, ipv6 bool, packet []byte) []byte {
	f := testFlow(ipv6)
	ident := packet[len(packet)-len(transport(packet)):][6:8]
	var body []byte
	switch p.Name() {
	case "icmp":
		h := wire.Echo{Reply: true, ID: testPort, Sequence: uint16(ident[0])<<8 | uint16(ident[1])}
		body = h.Append(nil, f.Target, f.Source, nil)
	case "tcp":
		h := wire.TCP{
			SourcePort: f.TargetPort, TargetPort: testPort, Flags: wire.FlagSYN | wire.FlagACK,
			Acknowledgment: testSecret<<16 | uint32(ident[0])<<8 | uint32(ident[1]) + 1,
		}
		body = h.Append(nil, f.Target, f.Source, nil)
	default:
		body = wire.UDP{SourcePort: f.TargetPort, TargetPort: testPort}.Append(nil, f.Target, f.Source, ident)
	}
	if ipv6 {
		h := wire.IPv6{Source: f.Target, Target: f.Source, PayloadLength: len(body), NextHeader: p.Number(true), TTL: 9}
		return append(h.Append(nil), body...)
	}
	h := wire.IPv4{Source: f.Target, Target: f.Source, Length: 20 + len(body), Protocol: p.Number(false), TTL: 9}
	return append(h.Append(nil), body...)
}

func transport(packet []byte) []byte {
	if packet[0]>>4 == 6 {
		return packet[40:]
	}
	return packet[20:]
}
