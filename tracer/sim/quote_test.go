package sim

import (
	"bytes"
	"slices"
	"testing"
)

// arrived returns the probe as the second node sees it.
func arrived(t *testing.T, p testProbe) []byte {
	t.Helper()
	p.ttl = 1
	return p.bytes(t)
}

func TestQuoteLength(t *testing.T) {
	for quote, behind := range map[string]int{"rfc792": 8, "short": 4} {
		both(t, func(t *testing.T, ipv6 bool) {
			for _, protocol := range protocols {
				p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 2, ident: 9}
				a := only(t, chain(t, `quote = "`+quote+`"`, ""), p)
				if want := arrived(t, p)[:pick(ipv6, 20, 40)+behind]; !bytes.Equal(a.quote, want) {
					t.Errorf("%s, %s:\n%x\nwant\n%x", quote, protocol, a.quote, want)
				}
			}
		})
	}
}

// TestQuoteOfAnother states which bytes each kind of false quote may change.
func TestQuoteOfAnother(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		ip := pick(ipv6, 20, 40)
		for protocol, port := range map[string]int{"udp": 0, "tcp": 0, "icmp": 4} {
			p := testProbe{ipv6: ipv6, protocol: protocol, ttl: 2, ident: 9}
			ports := only(t, chain(t, `quote = "wrong_ports"`, ""), p).quote
			assertChanged(t, ports, arrived(t, p), ip+port, ip+port+1)
			ident := only(t, chain(t, `quote = "wrong_ident"`, ""), p).quote
			if ipv6 {
				assertChanged(t, ident, arrived(t, p), ip+6)
				continue
			}
			ident[10], ident[11] = arrived(t, p)[10], arrived(t, p)[11] // header checksum
			assertChanged(t, ident, arrived(t, p), 4, ip+6)
		}
	})
}

func assertChanged(t *testing.T, got, sent []byte, want ...int) {
	t.Helper()
	var changed []int
	for i := range sent {
		if got[i] != sent[i] {
			changed = append(changed, i)
		}
	}
	if !slices.Equal(changed, want) {
		t.Fatalf("bytes %v differ, want %v", changed, want)
	}
}

func TestSpoof(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		const keys = `spoof = { v4 = "198.18.66.6", v6 = "2001:db8:66::6" }`
		p := testProbe{ipv6: ipv6, ttl: 2, ident: 9}
		d := chain(t, keys, "").Handle(start, p.bytes(t))
		if len(d) != 2 {
			t.Fatalf("%d answers, want the stranger's and the true one", len(d))
		}
		stranger, truth := readAnswer(t, d[0]), readAnswer(t, d[1])
		if got, want := stranger.from.String(), pick(ipv6, "198.18.66.6", "2001:db8:66::6"); got != want {
			t.Errorf("stranger answers from %s, want %s", got, want)
		}
		if !bytes.Equal(truth.quote, arrived(t, p)) || bytes.Equal(stranger.quote, truth.quote) {
			t.Errorf("quotes:\n%x by the stranger\n%x in truth", stranger.quote, truth.quote)
		}
		if stranger.after >= truth.after {
			t.Errorf("the stranger answers after %v, the node after %v", stranger.after, truth.after)
		}
		if d := chain(t, keys+"\nsilent = true", "").Handle(start, p.bytes(t)); len(d) != 1 {
			t.Errorf("%d answers in the place of a silent node, want 1", len(d))
		}
	})
}
