package sim

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

func TestLinkFlagsDuplicates(t *testing.T) {
	onLink(t, "duplicate = 2", "", func(t *testing.T, l *Link, ipv6 bool) {
		p := testProbe{ipv6: ipv6, protocol: "icmp", ttl: 2, ident: 8}
		for range 2 { // the second probe takes the slot of the first
			send(t, l, p)
			for i := range 3 {
				if a := next(t, l); a.Duplicate != (i > 0) {
					t.Errorf("answer %d: duplicate %v", i, a.Duplicate)
				}
			}
		}
		quiet(t, l, tracer.Counters{Probes: 2, Answers: 6, Duplicates: 4})
	})
}

func TestLinkCountsWhatItCannotMatch(t *testing.T) {
	for keys, want := range map[string]tracer.Counters{
		`quote = "wrong_ports"`: {Probes: 1, Foreign: 1},
		`quote = "wrong_ident"`: {Probes: 1, Unmatched: 1},
		`quote = "short"`:       {Probes: 1, Malformed: 1},
		"silent = true\nspoof = { v4 = '198.18.66.6', v6 = '2001:db8:66::6' }": {Probes: 1, Foreign: 1},
	} {
		for _, protocol := range protocols {
			onLink(t, keys, "", func(t *testing.T, l *Link, ipv6 bool) {
				send(t, l, testProbe{ipv6: ipv6, protocol: protocol, ttl: 2, ident: 8})
				quiet(t, l, want)
			})
		}
	}
}

func TestLinkMatchesEightBytes(t *testing.T) {
	onLink(t, `quote = "rfc792"`, "", func(t *testing.T, l *Link, ipv6 bool) {
		for _, protocol := range protocols {
			p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 2, ident: 8}
			send(t, l, p)
			if a := next(t, l); a.Ident != wireIdent(t, p) || a.Rewritten {
				t.Errorf("%s: %+v", protocol, a)
			}
		}
	})
}

// TestLinkAndNAT: with the checksum not restored, a UDP probe is known by its
// IPv4 identification, and over IPv6 not at all.
func TestLinkAndNAT(t *testing.T) {
	const keys = "nat = { v4 = '203.0.113.200', v6 = '2001:db8:200::1', restore = ['addresses', 'ports'] }"
	onLink(t, keys, "", func(t *testing.T, l *Link, ipv6 bool) {
		p := natProbe(t, ipv6)
		send(t, l, p)
		if ipv6 {
			quiet(t, l, tracer.Counters{Probes: 1, Unmatched: 1})
			return
		}
		if a := next(t, l); a.Ident != wireIdent(t, p) || !a.Rewritten {
			t.Errorf("answer %+v to %#x, want it rewritten", a, wireIdent(t, p))
		}
		quiet(t, l, tracer.Counters{Probes: 1, Answers: 1})
	})
}

// natProbe returns a UDP probe whose IPv4 identification fits its checksum. Both
// depend on the identifier, so it is searched for.
func natProbe(t *testing.T, ipv6 bool) testProbe {
	t.Helper()
	for ident := range uint16(0xffff) {
		p := testProbe{ipv6: ipv6, ttl: 3, ident: ident}
		if wireIdent(t, p) == ident {
			return p
		}
	}
	t.Fatal("no identifier is its own checksum")
	return testProbe{}
}

func TestLinkUDPAnswers(t *testing.T) {
	onLink(t, "", `udp = "reply"`, func(t *testing.T, l *Link, ipv6 bool) {
		send(t, l, testProbe{ipv6: ipv6, ttl: 3, ident: 8})
		last := testProbe{ipv6: ipv6, ttl: 3, ident: 9}
		send(t, l, last)
		for range 2 {
			if a := next(t, l); a.Ident != wireIdent(t, last) || !a.Unidentified || a.Duplicate {
				t.Errorf("answer %+v, want it unidentified, and the last probe's", a)
			}
		}
		quiet(t, l, tracer.Counters{Probes: 2, Answers: 2})
	})
	onLink(t, "", `udp = "echo"`, func(t *testing.T, l *Link, ipv6 bool) {
		p := natProbe(t, ipv6)
		send(t, l, p)
		if a := next(t, l); a.Ident != p.ident || a.Unidentified {
			t.Errorf("answer %+v, want it identified as %#x", a, p.ident)
		}
	})
}

// TestLinkClaimsOnlyWhatIsNamed: an answer that names no probe is no duplicate
// of the one that it is handed over with.
func TestLinkClaimsOnlyWhatIsNamed(t *testing.T) {
	onLink(t, "", `udp = "reply"`, func(t *testing.T, l *Link, ipv6 bool) {
		send(t, l, testProbe{ipv6: ipv6, ttl: 3, ident: 8})
		near := testProbe{ipv6: ipv6, ttl: 1, ident: 9}
		send(t, l, near)
		if a := next(t, l); a.Unidentified || a.Duplicate {
			t.Errorf("first answer %+v", a)
		}
		if a := next(t, l); a.Ident != wireIdent(t, near) || !a.Unidentified || a.Duplicate {
			t.Errorf("second answer %+v", a)
		}
	})
}

func TestLinkTCPAnswers(t *testing.T) {
	for _, keys := range []string{`tcp = "synack"`, `tcp = "reset"`} {
		onLink(t, "", keys, func(t *testing.T, l *Link, ipv6 bool) {
			for ident := range uint16(4) {
				p := testProbe{ipv6: ipv6, protocol: "tcp", ttl: 3, ident: ident, size: 100}
				send(t, l, p)
				if a := next(t, l); a.Ident != ident {
					t.Errorf("%s: answer to %d, want %d", keys, a.Ident, ident)
				}
			}
		})
	}
}

func TestLinkCutsLongAnswers(t *testing.T) {
	onLink(t, "", "", func(t *testing.T, l *Link, ipv6 bool) {
		send(t, l, testProbe{ipv6: ipv6, protocol: "icmp", ttl: 3, ident: 8, size: 1392})
		if a := next(t, l); len(a.Packet) != 1280 || a.Length != pick(ipv6, 1420, 1440) {
			t.Errorf("%d bytes of %d", len(a.Packet), a.Length)
		}
	})
}

func TestLinkForeignPort(t *testing.T) {
	onLink(t, "", `udp = "reply"`, func(t *testing.T, l *Link, ipv6 bool) {
		for _, protocol := range protocols {
			send(t, l, testProbe{ipv6: ipv6, protocol: protocol, ttl: 3, ident: 8, port: 41000})
			time.Sleep(time.Second)
		}
		quiet(t, l, tracer.Counters{Probes: 3})
	})
}

// TestLinkComparesAddresses changes one byte of true answers: in a source
// address, in their own header or in that of the quote.
func TestLinkComparesAddresses(t *testing.T) {
	onLink(t, "", `tcp = "synack"`, func(t *testing.T, l *Link, ipv6 bool) {
		quoted := pick(ipv6, 20, 40) + 8 + pick(ipv6, 15, 23)
		for _, change := range []struct {
			probe testProbe
			at    int
		}{
			{testProbe{ipv6: ipv6, protocol: "tcp", ttl: 2, ident: 8}, quoted},
			{testProbe{ipv6: ipv6, protocol: "tcp", ttl: 3, ident: 8}, pick(ipv6, 15, 23)},
			{testProbe{ipv6: ipv6, protocol: "icmp", ttl: 3, ident: 8}, pick(ipv6, 15, 23)},
		} {
			send(t, l, change.probe)
			arrival := &l.arrivals.heap[0]
			arrival.packet[change.at] ^= 1
			before, _ := l.Counters()
			a, err := l.Next(time.Now().Add(time.Minute))
			after, _ := l.Counters()
			if err == nil && !a.Rewritten || err != nil && after.Unmatched != before.Unmatched+1 {
				t.Errorf("%+v: answer %+v, error %v, counted %+v", change, a, err, after)
			}
		}
	})
}
