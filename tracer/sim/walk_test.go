package sim

import (
	"net/netip"
	"testing"
	"time"
)

var protocols = []string{"udp", "icmp", "tcp"}

func TestTimeExceededComesFromTheHopOfTheTTL(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, protocol := range protocols {
			n := chain(t, "", "")
			for ttl, want := range map[uint8]struct {
				v4, v6 string
				after  time.Duration
				ttl    uint8
			}{
				1: {"198.18.1.1", "2001:db8:1::1", 2 * time.Millisecond, 255},
				2: {"198.18.2.1", "2001:db8:2::1", 6 * time.Millisecond, 254},
			} {
				a := only(t, n, testProbe{ipv6: ipv6, protocol: protocol, ttl: ttl, ident: 7})
				if from := pick(ipv6, want.v4, want.v6); a.from.String() != from {
					t.Errorf("%s, TTL %d: from %v, want %s", protocol, ttl, a.from, from)
				}
				if kind := pick(ipv6, "11/0", "3/0"); a.kind != kind {
					t.Errorf("%s, TTL %d: %s, want %s", protocol, ttl, a.kind, kind)
				}
				if a.after != want.after || a.ttl != want.ttl || a.to != pick(ipv6, host4, host6) {
					t.Errorf("%s, TTL %d: %+v, want after %v with TTL %d", protocol, ttl, a, want.after, want.ttl)
				}
			}
		}
	})
}

func TestQuoteShowsThePacketAsItArrived(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, ttl: 2, ident: 7, tos: 0xb8, label: 0xabcde}
		a := only(t, chain(t, "", ""), p)
		p.ttl = 1
		if want := p.bytes(t); string(a.quote) != string(want) {
			t.Errorf("quote\n%x\nwant\n%x", a.quote, want)
		}
	})
}

func TestNoRoute(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		elsewhere := netip.MustParseAddr(pick(ipv6, "203.0.113.99", "2001:db8:ffff::99"))
		a := only(t, chain(t, "", ""), testProbe{ipv6: ipv6, ttl: 9, target: elsewhere})
		if want := pick(ipv6, "3/0", "1/0"); a.kind != want || a.ttl != 62 {
			t.Errorf("%s with TTL %d, want %s with 62", a.kind, a.ttl, want)
		}
	})
}

func TestRouterIsATargetToo(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		second := netip.MustParseAddr(pick(ipv6, "198.18.2.1", "2001:db8:2::1"))
		a := only(t, chain(t, "", ""), testProbe{ipv6: ipv6, ttl: 2, target: second})
		if want := pick(ipv6, "3/3", "1/4"); a.kind != want {
			t.Errorf("%s, want %s", a.kind, want)
		}
	})
}

func TestUnreachable(t *testing.T) {
	for code, want := range map[string][2]string{
		"net": {"3/0", "1/0"}, "host": {"3/1", "1/3"}, "admin": {"3/13", "1/1"},
		"port": {"3/3", "1/4"}, "protocol": {"3/2", "4/1"}, "reject": {"3/13", "1/6"},
	} {
		both(t, func(t *testing.T, ipv6 bool) {
			n := chain(t, `unreachable = "`+code+`"`, "")
			for _, ttl := range []uint8{2, 3, 30} {
				if a := only(t, n, testProbe{ipv6: ipv6, ttl: ttl}); a.kind != pick(ipv6, want[0], want[1]) {
					t.Errorf("%s, TTL %d: %s, want %v", code, ttl, a.kind, want)
				}
			}
		})
	}
}

func TestMTU(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "mtu = 1280", "")
		a := only(t, n, testProbe{ipv6: ipv6, ttl: 9, size: 1300})
		if want := pick(ipv6, "3/4", "2/0"); a.kind != want || a.mtu != 1280 {
			t.Errorf("%s with MTU %d, want %s with 1280", a.kind, a.mtu, want)
		}
		if want := pick(ipv6, 576, 1280); len(a.body)+pick(ipv6, 20, 40) != want {
			t.Errorf("error holds %d bytes behind the IP header, want %d in all", len(a.body), want)
		}
		if a := only(t, n, testProbe{ipv6: ipv6, ttl: 9, size: 100}); a.from != pick(ipv6, last4, last6) {
			t.Errorf("a small packet was answered by %v", a.from)
		}
	})
	if a := only(t, chain(t, "mtu = 1280", ""), testProbe{ttl: 9, size: 1300, fragment: true}); a.from != last4 {
		t.Errorf("a packet without DF was answered by %v", a.from)
	}
}

func TestTOSRewrite(t *testing.T) {
	for keys, want := range map[string]uint8{"": 0xb9, "tos_rewrite = 32": 32, "dscp = 10": 10<<2 | 1, "tos_rewrite = 0": 0} {
		both(t, func(t *testing.T, ipv6 bool) {
			a := only(t, chain(t, keys, ""), testProbe{ipv6: ipv6, ttl: 9, tos: 0xb9})
			quote, err := parse(a.quote)
			must(t, err)
			if quote.tos() != want {
				t.Errorf("%s: target saw %#x, want %#x", keys, quote.tos(), want)
			}
		})
	}
}

func TestLoopEnds(t *testing.T) {
	s, err := Load("loop")
	must(t, err)
	n := New(s, 1)
	both(t, func(t *testing.T, ipv6 bool) {
		for _, ttl := range []uint8{3, 4, 5, 30, 200} {
			a := only(t, n, testProbe{ipv6: ipv6, ttl: ttl})
			want := pick(ttl%2 == 1, pick(ipv6, "198.18.4.1", "2001:db8:4::1"), pick(ipv6, "198.18.3.1", "2001:db8:3::1"))
			if a.from.String() != want {
				t.Errorf("TTL %d: from %v, want %s", ttl, a.from, want)
			}
		}
	})
}

func TestLossIsForwardOnly(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "loss = 1.0", "")
		none(t, n, testProbe{ipv6: ipv6, ttl: 3}, DropLoss)
		only(t, n, testProbe{ipv6: ipv6, ttl: 2})
	})
}
