package bpf

import "testing"

func (f family) errorTypes() []uint8 {
	if f.v6 {
		return []uint8{1, 2, 3, 4}
	}
	return []uint8{3, 11, 12}
}

func TestErrorMatches(t *testing.T) {
	eachProtocol(t, func(t *testing.T, f family, protocol uint8) {
		for _, kind := range f.errorTypes() {
			for _, s := range []shape{{ident: testIdent}, {ident: testIdent, options: 12}} {
				k, probe := sent(t, f, protocol, s)
				shortest := probe[:f.headerLen(s)+8]
				k.check(t, f.errorAbout(kind, s, shortest), matched)
				k.check(t, f.errorAbout(kind, s, probe), duplicate)
			}
		}
	})
}

func TestLongErrorIsCutOff(t *testing.T) {
	k, probe := sent(t, ipv4, protoUDP, shape{ident: testIdent})
	k.check(t, ipv4.errorAbout(11, shape{}, append(probe, make([]byte, 1300)...)), matched)
}

// Whoever changes one field of the quote that has to agree gets nothing. Over
// IPv4 the identification vouches for addresses and checksum, so that goes too.
// What does not come from where probes come from is somebody else's.
func TestSpoofedQuoteIsUnmatched(t *testing.T) {
	eachProtocol(t, func(t *testing.T, f family, protocol uint8) {
		k, probe := sent(t, f, protocol, shape{ident: testIdent})
		header := f.headerLen(shape{})
		fields := map[string]int{"protocol": 6, "source": 8, "end of source": 23, "target": 24, "end of target": 39}
		if !f.v6 {
			probe = with(probe, 4)
			fields = map[string]int{"protocol": 9, "source": 12, "end of source": 15, "target": 16, "end of target": 19}
		}
		for i := range 8 {
			fields[string(rune('0'+i))+" of transport"] = header + i
		}
		for name, offset := range fields {
			t.Run(name, func(t *testing.T) {
				want := unmatched
				if name == "protocol" || f.sourcePort(protocol, offset-header) {
					want = foreign
				}
				k.check(t, f.errorAbout(3, shape{}, with(probe, offset)), want)
			})
		}
	})
}

// sourcePort reports whether that byte of the transport header is of the source
// port, or of the echo identifier in its place.
func (f family) sourcePort(protocol uint8, at int) bool {
	if protocol == f.icmp() {
		at -= 4
	}
	return at == 0 || at == 1
}

func TestRewrittenQuoteMatches(t *testing.T) {
	for _, tt := range []struct {
		name     string
		protocol uint8
		offset   int // in the quote; -1: unchanged
		want     outcome
	}{
		{"udp source address", protoUDP, 12, rewritten},
		{"udp checksum", protoUDP, 26, rewritten},
		{"udp ports", protoUDP, 21, foreign},
		{"udp identification", protoUDP, 4, matched},
		{"udp protocol", protoUDP, 9, foreign},
		{"tcp target address", protoTCP, 19, rewritten},
		{"tcp sequence", protoTCP, 26, rewritten},
		{"tcp ports", protoTCP, 22, unmatched},
		{"icmp checksum", ipv4.icmp(), 22, rewritten},
		{"icmp source address", ipv4.icmp(), 13, rewritten},
		{"icmp identifier", ipv4.icmp(), 24, foreign},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, probe := sent(t, ipv4, tt.protocol, shape{ident: testIdent})
			k.check(t, ipv4.errorAbout(11, shape{}, with(probe, tt.offset)), tt.want)
		})
	}
}

// Only a probe that left with its identifier in the IPv4 identification can be
// found by it.
func TestIdentificationMustBeTheProbes(t *testing.T) {
	k := loadKernel(t, protoUDP)
	probe := ipv4.packet(ipv4.source, ipv4.target, protoUDP, shape{}, transport(protoUDP, testIdent))
	k.send(t, probe)
	quote := ipv4.probe(protoUDP, shape{ident: testIdent})
	k.check(t, ipv4.errorAbout(11, shape{}, with(quote, 12)), unmatched)
	k.check(t, ipv4.errorAbout(11, shape{}, probe), matched)
}

// IPv6 has no identification, so nothing vouches for a quote that differs.
func TestRewrittenIPv6IsUnmatched(t *testing.T) {
	k, probe := sent(t, ipv6, protoUDP, shape{ident: testSecret}) // as if 0 were one
	k.check(t, ipv6.errorAbout(3, shape{}, with(probe, 8)), unmatched)
}

func TestTruncatedQuoteIsMalformed(t *testing.T) {
	eachProtocol(t, func(t *testing.T, f family, protocol uint8) {
		s := shape{ident: testIdent, options: 4}
		k, probe := sent(t, f, protocol, s)
		for n := range f.headerLen(s) + 8 {
			k.check(t, f.errorAbout(3, shape{}, probe[:n]), malformed)
		}
		padded := append(f.errorAbout(3, shape{}, probe[:20]), make([]byte, 80)...)
		k.check(t, padded, malformed)
		k.check(t, f.errorAbout(3, shape{}, with(probe, 0)), malformed) // another version
	})
}
