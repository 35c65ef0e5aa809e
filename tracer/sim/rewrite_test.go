package sim

import (
	"encoding/binary"
	"strings"
	"testing"
)

// rewritten returns what the last node of a chain quotes, of a packet that the
// second one has rewritten, and the packet as it was sent.
func rewritten(t *testing.T, keys string, p testProbe) (quote, sent *datagram) {
	t.Helper()
	p.target = pick(p.ipv6, last4, last6).Next() // nobody's: no route at TTL 3
	a := only(t, chain(t, keys, ""), p)
	quote, err := parseStart(a.quote)
	must(t, err)
	sent, err = parse(p.bytes(t))
	must(t, err)
	return quote, sent
}

func TestRewriting(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, ttl: 3, ident: 9}
		if quote, sent := rewritten(t, "tos_rewrite = 0xb8\necn = 2", p); quote.tos() != 0xba || sent.tos() != 0 {
			t.Errorf("TOS %#x, sent with %#x, want 0xba and 0", quote.tos(), sent.tos())
		}
		quote, sent := rewritten(t, "clear_df = true\nflow_label = 0x54321", p)
		if ipv6 && (quote.v6.FlowLabel != 0x54321 || sent.v6.FlowLabel == 0x54321) {
			t.Errorf("flow label %#x, sent with %#x", quote.v6.FlowLabel, sent.v6.FlowLabel)
		}
		if !ipv6 && quote.v4.Flags != 0 {
			t.Errorf("flags %v, want none", quote.v4.Flags)
		}
	})
}

// A SYN whose options were rewritten is one that the target takes: it drops what
// has a wrong checksum.
func TestRewritingSYN(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		p := testProbe{ipv6: ipv6, protocol: "tcp", ttl: 3, ident: 9}
		syn := withMSS(t, p.bytes(t), ipv6)
		for keys, want := range map[string]int{"mss = 1200": 24, "mss = 9000": 24, "strip_options = true": 20, "": 24} {
			n := chain(t, keys, "")
			if d := n.Handle(start, syn); len(d) != 1 {
				t.Errorf("%q: dropped %v", keys, n.Counters().Dropped)
			}
			d, err := parse(syn)
			must(t, err)
			s, err := Parse([]byte(chainText(keys, "")))
			must(t, err)
			s.node("second").rewrite(d)
			if len(d.body) != want || d.length() != pick(ipv6, 20, 40)+want {
				t.Errorf("%q: %d bytes of %d, want %d", keys, len(d.body), d.length(), want)
			}
			if mss := d.get(22); want == 24 && mss != uint16(pick(keys == "mss = 1200", 1460, 1200)) {
				t.Errorf("%q: MSS %d", keys, mss)
			}
		}
	})
}

// withMSS gives a SYN without options one.
func withMSS(t *testing.T, packet []byte, ipv6 bool) []byte {
	t.Helper()
	d, err := parse(packet)
	must(t, err)
	d.body = append(d.body[:20:20], 2, 4, 1460>>8, 1460&0xff)
	d.body[12] = 6 << 4
	binary.BigEndian.PutUint16(d.body[16:], 0)
	if ipv6 {
		d.v6.Length = 24
	} else {
		d.v4.Length = 44
	}
	d.sumTCP()
	b, err := d.bytes()
	must(t, err)
	return b
}

func TestZeroTTL(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "", "")
		s, err := Parse([]byte(strings.Replace(chainText("", ""), `name = "first"`, "name = \"first\"\nzero_ttl = true", 1)))
		must(t, err)
		p := testProbe{ipv6: ipv6, ttl: 1, ident: 9}
		usual, a := only(t, n, p), only(t, New(s, 1), p)
		quote, err := parseStart(a.quote)
		must(t, err)
		if a.from == usual.from || quote.ttl() != 0 {
			t.Errorf("from %v with a quoted TTL of %d, want the second node and 0", a.from, quote.ttl())
		}
	})
}

func TestRewritingRefused(t *testing.T) {
	for keys, want := range map[string]string{"ecn = 4": "two bits", "flow_label = 0x100000": "20 bits"} {
		if _, err := Parse([]byte(chainText(keys, ""))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", keys, err, want)
		}
	}
}
