package sim

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
)

func TestTargetUDP(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, ttl: 3, ident: 0xbeef, size: 30}
		for _, keys := range []string{"", `udp = "port_unreachable"`} {
			a := only(t, chain(t, "", keys), p)
			if want := pick(ipv6, "3/3", "1/4"); a.kind != want || a.ttl != 62 {
				t.Errorf("%s: %s with TTL %d, want %s with 62", keys, a.kind, a.ttl, want)
			}
		}
		reply := only(t, chain(t, "", `udp = "reply"`), p)
		if !bytes.Equal(reply.body[8:], serviceReply) {
			t.Errorf("service answers %q", reply.body[8:])
		}
		echoed := only(t, chain(t, "", `udp = "echo"`), p)
		if want := p.bytes(t)[pick(ipv6, 28, 48):]; !bytes.Equal(echoed.body[8:], want) {
			t.Errorf("echo of %x, want %x", echoed.body[8:], want)
		}
		for _, a := range []testAnswer{reply, echoed} {
			assertPorts(t, a)
		}
		none(t, chain(t, "", `udp = "silent"`), p, DropNoService)
	})
}

func assertPorts(t *testing.T, a testAnswer) {
	t.Helper()
	from, to := binary.BigEndian.Uint16(a.body), binary.BigEndian.Uint16(a.body[2:])
	if from != testTarget || to != testPort {
		t.Errorf("%s from port %d to %d, want %d to %d", a.kind, from, to, testTarget, testPort)
	}
}

func TestTargetTCP(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, protocol: "tcp", ttl: 3, ident: 0xbeef}
		const sequence = testSecret<<16 | 0xbeef
		for keys, want := range map[string]struct {
			flags        string
			acknowledges uint32 // a reset those 4 bytes of data as well
		}{
			"":                 {"rst ack", sequence + 5},
			`tcp = "reset"`:    {"rst ack", sequence + 5},
			`tcp = "synack"`:   {"syn ack", sequence + 5},
			`tcp = "synack"  `: {"syn ack", sequence + 5},
		} {
			a := only(t, chain(t, "", keys), p)
			assertPorts(t, a)
			if got := flags(a); got != want.flags {
				t.Errorf("%s: %s, want %s", keys, got, want.flags)
			}
			if got := binary.BigEndian.Uint32(a.body[8:]); got != want.acknowledges {
				t.Errorf("%s: acknowledges %#x, want %#x", keys, got, want.acknowledges)
			}
		}
		none(t, chain(t, "", `tcp = "silent"`), p, DropNoService)
	})
}

func flags(a testAnswer) string {
	s := ""
	for _, f := range []struct {
		set  bool
		name string
	}{{a.syn, "syn "}, {a.rst, "rst "}, {a.ack, "ack"}} {
		if f.set {
			s += f.name
		}
	}
	return s
}

func TestTargetEcho(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, protocol: "icmp", ttl: 3, ident: 0xbeef, size: 20}
		for _, keys := range []string{"", "icmp = true"} {
			a := only(t, chain(t, "", keys), p)
			if want := pick(ipv6, "0/0", "129/0"); a.kind != want {
				t.Errorf("%s: %s, want %s", keys, a.kind, want)
			}
			if want := p.bytes(t)[pick(ipv6, 24, 44):]; !bytes.Equal(a.body[4:], want) {
				t.Errorf("%s: reply holds %x, want %x", keys, a.body[4:], want)
			}
		}
		none(t, chain(t, "", "icmp = false"), p, DropNoService)
	})
}

// TestChecksums flips a bit of payload: routers don't care, the target does.
func TestChecksums(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, protocol := range protocols {
			n := chain(t, "", "")
			for ttl, want := range map[uint8]int{2: 1, 3: 0} {
				b := testProbe{ipv6: ipv6, protocol: protocol, ttl: ttl, ident: 9}.bytes(t)
				b[len(b)-1] ^= 1
				if d := n.Handle(start, b); len(d) != want {
					t.Errorf("%s, TTL %d: %d answers, want %d", protocol, ttl, len(d), want)
				}
			}
			if got := n.Counters().Dropped[DropBadChecksum]; got != 1 {
				t.Errorf("%s: counted %d, want 1", protocol, got)
			}
		}
	})
}

// TestMissingUDPChecksum: IPv4 allows it (RFC 768), IPv6 does not (RFC 8200, 8.1).
func TestMissingUDPChecksum(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "", "")
		b := testProbe{ipv6: ipv6, ttl: 3}.bytes(t)
		at := pick(ipv6, 26, 46)
		b[at], b[at+1] = 0, 0
		if d := n.Handle(start, b); len(d) != pick(ipv6, 1, 0) {
			t.Errorf("%d answers, dropped %v", len(d), n.Counters().Dropped)
		}
	})
}

func TestHeaderChecksum(t *testing.T) {
	n := chain(t, "", "")
	b := testProbe{ttl: 1}.bytes(t)
	b[10] ^= 1
	if d := n.Handle(start, b); len(d) != 0 || n.Counters().Dropped[DropBadChecksum] != 1 {
		t.Errorf("%d answers, dropped %v", len(d), n.Counters().Dropped)
	}
}

func TestMalformed(t *testing.T) {
	whole4, whole6 := testProbe{ttl: 1}.bytes(t), testProbe{ipv6: true, ttl: 1}.bytes(t)
	for _, packet := range [][]byte{nil, {}, {0x45}, {0x60}, {0x25, 1, 2, 3}, whole4[:19], whole4[:30], whole6[:39], whole6[:50]} {
		t.Run(fmt.Sprintf("%x", packet), func(t *testing.T) {
			n := chain(t, "", "")
			if d := n.Handle(start, packet); len(d) != 0 || n.Counters().Dropped[DropMalformed] != 1 {
				t.Errorf("%d answers, dropped %v", len(d), n.Counters().Dropped)
			}
		})
	}
}
