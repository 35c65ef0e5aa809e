package sim

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

const natKeys = `
[node.nat]
v4 = "203.0.113.200"
v6 = "2001:db8:200::1"
port = 50000
rewrite_id = true
restore = `

// TestNATRestoresWhole expects a quote as if there were no translator, but for
// the TTL.
func TestNATRestoresWhole(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, protocol := range protocols {
			n := chain(t, natKeys+`["addresses", "ports", "checksum", "ip_id"]`, "")
			p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 3, ident: 9}
			if protocol == "udp" {
				if a := only(t, n, p); !bytes.Equal(a.quote, arrived(t, p)) || a.to != pick(ipv6, host4, host6) {
					t.Errorf("to %v, quote\n%x\nwant\n%x", a.to, a.quote, arrived(t, p))
				}
			}
			p.target = pick(ipv6, last4, last6).Next() // nobody's: no route at TTL 3
			if a := only(t, n, p); !bytes.Equal(a.quote, arrived(t, p)) {
				t.Errorf("%s: quote\n%x\nwant\n%x", protocol, a.quote, arrived(t, p))
			}
		}
	})
}

// TestNATTranslatesAnswersBack relies on the target, which drops wrong checksums.
func TestNATTranslatesAnswersBack(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, protocol := range protocols {
			n := chain(t, natKeys+"[]", `udp = "echo"`)
			p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 3, ident: 9}
			a := only(t, n, p)
			if a.from != pick(ipv6, last4, last6) || a.to != pick(ipv6, host4, host6) {
				t.Errorf("%s: from %v to %v", protocol, a.from, a.to)
			}
			if protocol == "icmp" {
				if got := uint16(a.body[4])<<8 | uint16(a.body[5]); got != testPort {
					t.Errorf("echo identifier %d, want %d", got, testPort)
				}
				continue
			}
			assertPorts(t, a)
		}
	})
}

// TestNATRestoresInPart tells, field by field, what differs from the probe.
func TestNATRestoresInPart(t *testing.T) {
	p := testProbe{ttl: 3, ident: 9}
	for restore, want := range map[string][]string{
		`[]`:                     {"addresses", "ports", "checksum", "ip_id"},
		`["addresses", "ports"]`: {"checksum", "ip_id"},
		`["checksum"]`:           {"addresses", "ports", "ip_id"},
		`["ports", "ip_id"]`:     {"addresses", "checksum"},
	} {
		both(t, func(t *testing.T, ipv6 bool) {
			p.ipv6 = ipv6
			quote, err := parseStart(only(t, chain(t, natKeys+restore, ""), p).quote)
			must(t, err)
			sent, err := parse(p.bytes(t))
			must(t, err)
			got, was := quote.fields(), sent.fields()
			for field, differs := range map[string]bool{
				"addresses": got.source != was.source,
				"ports":     got.port != was.port,
				"checksum":  got.checksum != was.checksum,
				"ip_id":     got.id != was.id,
			} {
				wanted := slices.Contains(want, field) && !(ipv6 && field == "ip_id")
				if differs != wanted {
					t.Errorf("restore = %s: %s differs: %v, want %v", restore, field, differs, wanted)
				}
			}
		})
	}
}

func TestNATDropsForeignQuotes(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, natKeys+"[]", `quote = "wrong_ports"`)
		none(t, n, testProbe{ipv6: ipv6, ttl: 3}, DropTranslation)
	})
}

// TestNATKeepsWrongChecksumsWrong: a translator amends, it does not repair.
func TestNATKeepsWrongChecksumsWrong(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, natKeys+"[]", "")
		b := testProbe{ipv6: ipv6, ttl: 3, ident: 9}.bytes(t)
		b[len(b)-1] ^= 1
		if d := n.Handle(start, b); len(d) != 0 || n.Counters().Dropped[DropBadChecksum] != 1 {
			t.Errorf("%d answers, dropped %v", len(d), n.Counters().Dropped)
		}
	})
}

// TestNATBehindNAT: the way back passes the translators in reverse.
func TestNATBehindNAT(t *testing.T) {
	const inner = "\nnat = { v4 = '203.0.113.100', v6 = '2001:db8:100::1', port = 45000, restore = ['addresses', 'ports', 'checksum'] }\n"
	both(t, func(t *testing.T, ipv6 bool) {
		text := chainText(natKeys+`["addresses", "ports", "checksum", "ip_id"]`, "")
		text = strings.Replace(text, `name = "first"`, `name = "first"`+inner, 1)
		s, err := Parse([]byte(text))
		must(t, err)
		for _, protocol := range protocols {
			p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 3, ident: 9, target: pick(ipv6, last4, last6).Next()}
			if a := only(t, New(s, 1), p); !bytes.Equal(a.quote, arrived(t, p)) {
				t.Errorf("%s: quote\n%x\nwant\n%x", protocol, a.quote, arrived(t, p))
			}
		}
	})
}
