package datagram_test

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// quoting returns what complains of a probe with a byte changed, counted from
// the transport header on.
func quoting(at int) func([]byte) []byte {
	return func(p []byte) []byte {
		quote := bytes.Clone(p)
		quote[header(p)+at] ^= 0x15
		return exceeded(p, quote)
	}
}

// quotingShort is quoting, of no more than RFC 792 asks for.
func quotingShort(at int) func([]byte) []byte {
	return func(p []byte) []byte {
		quote := bytes.Clone(p[:header(p)+8])
		quote[header(p)+at] ^= 0x15
		return exceeded(p, quote)
	}
}

// replying returns what answers a probe, with a byte of the answer changed and
// its checksum made right again.
func replying(at int) func([]byte) []byte {
	return func(p []byte) []byte {
		p = reply(p)
		p[header(p)+at] ^= 0x15
		return summed(p)
	}
}

// fromElsewhere answers a probe from an address that was not asked.
func fromElsewhere(p []byte) []byte {
	p = reply(p)
	p[map[int]int{wire.IPv4HeaderLen: 15, wire.IPv6HeaderLen: 23}[header(p)]] ^= 0x15 // of the source
	return summed(p)
}

// summed makes the checksums of a packet right.
func summed(p []byte) []byte {
	at := header(p)
	transport := p[at:]
	field := map[byte]int{1: 2, 58: 2, 17: 6}[p[map[int]int{20: 9, 40: 6}[at]]]
	transport[field], transport[field+1] = 0, 0
	sum := wire.Checksum(transport)
	if at == wire.IPv4HeaderLen {
		p[10], p[11] = 0, 0
		header := wire.Checksum(p[:at])
		p[10], p[11] = byte(header>>8), byte(header)
	}
	if field == 6 || at == wire.IPv6HeaderLen {
		size := map[int]int{20: 4, 40: 16}[at]
		source, _ := netip.AddrFromSlice(p[at-2*size : at-size])
		target, _ := netip.AddrFromSlice(p[at-size : at])
		protocol := map[int]uint8{20: p[9], 40: p[6]}[at]
		sum = wire.TransportChecksum(source, target, protocol, transport)
	}
	transport[field], transport[field+1] = byte(sum>>8), byte(sum)
	return p
}

// Answers that the kernel hands on are looked at. Who quotes what was never
// sent, or answers in another's place, is counted and not reported.
func TestRefusesStrangers(t *testing.T) {
	tests := []struct {
		protocol, what string
		answer         func(probe []byte) []byte
		unmatched      uint64
	}{
		{"udp", "quotes another target port", quoting(2), 1},
		{"udp", "quotes too little, of a packet to another port", quotingShort(2), 1},
		{"udp", "quotes too little, of a packet to another target", quotingShort(-1), 1},
		{"udp", "quotes another identifier", quoting(8), 1},
		{"udp", "quotes another compensation", quoting(10), 1},
		{"udp", "quotes another source port, so the kernel drops it", quoting(0), 0},
		{"udp", "answers from another port", replying(0), 1},
		{"udp", "answers from another address", fromElsewhere, 1},
		{"icmp", "quotes another sequence number", quoting(6), 1},
		{"icmp", "quotes another identifier, so the kernel drops it", quoting(4), 0},
		{"icmp", "answers with another sequence number", replying(6), 1},
		{"icmp", "answers from another address", fromElsewhere, 1},
	}
	for _, tt := range tests {
		for _, ipv6 := range []bool{false, true} {
			w := way{Protocol: tt.protocol, IPv6: ipv6}
			all, c := answered(t, w, 1, tt.unmatched, func(p []byte) [][]byte {
				return [][]byte{tt.answer(p), exceeded(p, p)}
			})
			if len(all) != 1 || c.Unmatched != tt.unmatched || all[0].Rewritten {
				t.Errorf("%s: %d answers to %v, counted %+v; want 1, and %d unmatched", tt.what, len(all), w, c, tt.unmatched)
			}
		}
	}
}

// answered returns what was heard after a probe, once so many answers and
// unmatched packets have come, or more.
func answered(t *testing.T, w way, answers, unmatched uint64, answer func([]byte) [][]byte) (all []tracer.Answer, c tracer.Counters) {
	t.Helper()
	within(t, w, &responder{answer: answer}, nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
		_, err := send(t, w, s, f, 0x4321)
		must(t, err)
		await(t, "answers", front, s, func() bool {
			c = count(s)
			return c.Answers >= answers && c.Unmatched >= unmatched
		})
		all = ready(s)
	})
	return all, c
}

// A translator that changed the target, or the checksum of an echo, is seen
// through over IPv4; over IPv6, where there should be none, it is not.
func TestRewrittenQuote(t *testing.T) {
	for _, w := range ways(false) {
		change := quoting(-1) // of the target
		unmatched := uint64(len(w.address(remote).AsSlice()) / 16)
		all, c := answered(t, w, 1-unmatched, unmatched, func(p []byte) [][]byte { return [][]byte{change(p)} })
		if c.Unmatched != unmatched || len(all) != int(1-unmatched) {
			t.Errorf("%v: %d answers, counted %+v", w, len(all), c)
		}
		for _, a := range all {
			if !a.Rewritten || a.Ident != 0x4321 {
				t.Errorf("%v: answer %+v", w, a)
			}
		}
	}
}

// The answer that is handed over says what the router's did.
func TestAnswerIsRebuilt(t *testing.T) {
	for _, w := range ways(false) {
		var sent []byte
		all, _ := answered(t, w, 2, 0, func(p []byte) [][]byte {
			sent = p
			return [][]byte{complaint(p, p[:header(p)+20], 3, 1, 1, [4]byte{}), reply(p)}
		})
		if len(all) != 2 || all[0].Duplicate || !all[1].Duplicate {
			t.Fatalf("%v: answers %+v, want one and another", w, all)
		}
		if all[0].Length == len(sent) { // they came by two queues
			all[0], all[1] = all[1], all[0]
		}
		got, err := wire.ParseAnswer(all[0].Packet)
		must(t, err)
		at := header(sent)
		if got.From != w.address(router) || got.TTL != 250 || got.TrafficClass != 0xb8 || got.Kind != wire.Unreachable || got.Code != 1 {
			t.Errorf("%v: the answer says %+v", w, got)
		}
		if q := got.Quote; q == nil || !bytes.Equal(q.Transport, sent[at:at+20]) || q.Target != w.address(remote) {
			t.Errorf("%v: the answer quotes %+v, want %x", w, q, sent[at:at+20])
		}
		if want := 2*at + 8 + 20; all[0].Length != want || len(all[0].Packet) != want {
			t.Errorf("%v: %d bytes of %d, want %d", w, len(all[0].Packet), all[0].Length, want)
		}
		if want := summed(reply(sent)); !bytes.Equal(all[1].Packet[at:], want[at:]) || all[1].Length != len(want) {
			t.Errorf("%v: the target's answer is\n%x, want\n%x", w, all[1].Packet, want)
		}
	}
}

// What leaves is what was built, but for IPv4's identification: so the probes
// are of one flow, and name themselves.
func TestSendsWhatWasBuilt(t *testing.T) {
	for _, w := range ways(false) {
		for _, dontFragment := range []bool{false, true} {
			r := &responder{answer: func([]byte) [][]byte { return nil }}
			var want [][]byte
			within(t, w, r, nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
				f.TrafficClass, f.DontFragment = 0xba, dontFragment
				if dontFragment || w.poor() {
					f.FlowLabel = 0 // and none that the kernel chooses
				}
				for ttl, ident := range []uint16{1, 0x8000, 0xfffe, 77} {
					packet, err := w.protocol().Marshal(f, uint8(3+60*ttl), ident)
					must(t, err)
					_, err = s.Send(packet)
					must(t, err)
					want = append(want, packet)
				}
				await(t, "probes", front, s, func() bool { return front.Counters().In == uint64(len(want)) })
			})
			r.mu.Lock()
			got := r.seen
			r.mu.Unlock()
			if len(got) != len(want) {
				t.Fatalf("%v: %d packets, want %d", w, len(got), len(want))
			}
			for i := range want {
				if !w.IPv6 { // identification, and the checksum of the header
					copy(got[i][4:6], want[i][4:6])
					copy(got[i][10:12], want[i][10:12])
				}
				if !bytes.Equal(got[i], want[i]) {
					t.Errorf("%v: left\n%x, want\n%x", w, got[i], want[i])
				}
			}
		}
	}
}

// Extensions are found where the message says that they are, however long the
// quote before them is (RFC 4884, 4).
func TestExtensionsBehindLongQuote(t *testing.T) {
	labels := []byte{0x20, 0, 0, 0, 0, 8, 1, 1, 0x05, 0xdc, 0x11, 1} // RFC 4950
	sum := wire.Checksum(labels)
	labels[2], labels[3] = byte(sum>>8), byte(sum)
	for _, w := range ways(false) {
		all, _ := answered(t, w, 1, 0, func(p []byte) [][]byte {
			quote := append(bytes.Clone(p), make([]byte, 160-len(p))...)
			word := [4]byte{0, 160 / 4}
			if w.IPv6 {
				word = [4]byte{160 / 8}
			}
			return [][]byte{complaint(p, append(quote, labels...), 11, 3, 0, word)}
		})
		got, err := wire.ParseAnswer(all[0].Packet)
		if err != nil || len(got.Extensions) != 1 {
			t.Errorf("%v: extensions %+v, %v", w, got.Extensions, err)
		}
	}
}
