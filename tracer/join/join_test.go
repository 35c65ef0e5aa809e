package join_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func TestSlots(t *testing.T) {
	for slots, ok := range map[int]bool{0: true, 1: true, 64: true, 65536: true, 3: false, -2: false, 1 << 17: false} {
		if _, err := join.New(join.Options{Slots: slots}); (err == nil) != ok {
			t.Errorf("%d slots: %v", slots, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			j, packets := sent(t, p, ipv6)
			for i, packet := range packets {
				for n, answer := range [][]byte{expired(ipv6, packet).Packet(), reply(p, ipv6, packet)} {
					a, ok := j.Join(answer)
					if !ok || a.Ident != uint16(7+i) || a.Duplicate != (n > 0) || a.Rewritten || a.Unidentified {
						t.Errorf("%s to %d: %+v, %v", p.Name(), 7+i, a, ok)
					}
				}
			}
			if got, want := j.Counters(), (tracer.Counters{Probes: 3, Answers: 6, Duplicates: 3}); got != want {
				t.Errorf("%s: counted %+v, want %+v", p.Name(), got, want)
			}
		}
	}
}

// A probe whose slot was given to another is forgotten: no answer to it is put
// down to the other.
func TestForgets(t *testing.T) {
	f := testFlow(false)
	j, err := join.New(join.Options{Protocol: 17, SourcePort: testPort, Secret: testSecret, Slots: 4})
	if err != nil {
		t.Fatal(err)
	}
	var packets [][]byte
	for _, ident := range []uint16{8, 12} {
		packet, err := probe.UDP{}.Marshal(f, 3, ident)
		if err != nil {
			t.Fatal(err)
		}
		j.Sent(packet)
		packets = append(packets, packet)
	}
	if a, ok := j.Join(expired(false, packets[0]).Packet()); ok {
		t.Errorf("an answer to a forgotten probe was joined: %+v", a)
	}
	if a, ok := j.Join(expired(false, packets[1]).Packet()); !ok || a.Ident != 12 {
		t.Errorf("joined %v to %d, want 12", ok, a.Ident)
	}
}

// The packet may be cut behind the snapshot, and no earlier.
func TestCut(t *testing.T) {
	j, packets := sent(t, probe.ICMP{}, false)
	answer := expired(false, packets[0])
	answer.Quote = append(answer.Quote, make([]byte, 1400)...)
	packet := answer.Packet()
	a, ok := j.Join(packet[:join.SnapshotLen])
	if !ok || a.Length != len(packet) || len(a.Packet) != join.SnapshotLen {
		t.Errorf("joined %v, %d of %d bytes", ok, len(a.Packet), a.Length)
	}
	if _, ok := j.Join(packet[:join.SnapshotLen-1]); ok || j.Counters().Malformed != 1 {
		t.Errorf("joined %v, counted %+v", ok, j.Counters())
	}
}

// What is of another protocol or port is not for us, and not counted.
func TestForeign(t *testing.T) {
	for _, p := range probe.Protocols {
		j, packets := sent(t, p, false)
		other := reply(p, false, packets[0])
		other[len(other)-len(transport(other))+map[string]int{"icmp": 4}[p.Name()]+map[string]int{"udp": 2, "tcp": 2}[p.Name()]] ^= 1
		if _, ok := j.Join(other); ok || j.Counters() != (tracer.Counters{Probes: 3}) {
			t.Errorf("%s: joined %v, counted %+v", p.Name(), ok, j.Counters())
		}
	}
}

// Flows of TCP differ in the source port: an answer finds its own, whichever of the
// range it is, and what comes to a port behind the range is not looked at.
func TestSourcePorts(t *testing.T) {
	f := testFlow(false)
	j, err := join.New(join.Options{Protocol: 6, SourcePort: testPort, SourcePorts: 3, Secret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		packet, err := probe.TCP{}.Marshal(f.Nth(probe.TCP{}, n), 3, uint16(7+n))
		if err != nil {
			t.Fatal(err)
		}
		j.Sent(packet)
		answer := reply(probe.TCP{}, false, packet)
		copy(transport(answer)[2:4], transport(packet)) // back to where it came from
		a, ok := j.Join(answer)
		if ok != (n < 3) || ok && a.Ident != uint16(7+n) {
			t.Errorf("port %d of 3: joined %v to %d", n+1, ok, a.Ident)
		}
	}
	if got := j.Counters(); got.Answers != 3 || got.Unmatched != 0 {
		t.Errorf("counted %+v, want 3 answers", got)
	}
}

// An answer that is the probe's but for one thing is not taken for it.
func TestNearMisses(t *testing.T) {
	tests := []struct {
		name   string
		p      probe.Protocol
		packet func(sent []byte) []byte
		want   tracer.Counters
	}{
		{"an echo reply from elsewhere", probe.ICMP{}, func(sent []byte) []byte {
			return edit(reply(probe.ICMP{}, false, sent), 15, 99)
		}, tracer.Counters{Unmatched: 1}},
		{"an error that claims to end inside of the quote", probe.UDP{}, func(sent []byte) []byte {
			return edit(expired(false, sent).Packet(), 3, 20+8+20+7)
		}, tracer.Counters{Malformed: 1}},
		{"an error whose quote is a later fragment", probe.UDP{}, func(sent []byte) []byte {
			return edit(expired(false, sent).Packet(), 20+8+7, 1)
		}, tracer.Counters{Malformed: 1}},
		{"a segment that is cut", probe.TCP{}, func(sent []byte) []byte {
			return reply(probe.TCP{}, false, sent)[:39]
		}, tracer.Counters{Malformed: 1}},
		{"a segment that acknowledges nothing", probe.TCP{}, func(sent []byte) []byte {
			return edit(reply(probe.TCP{}, false, sent), 33, 2)
		}, tracer.Counters{Unmatched: 1}},
	}
	for _, tt := range tests {
		j, packets := sent(t, tt.p, false)
		tt.want.Probes = 3
		if a, ok := j.Join(tt.packet(packets[0])); ok || j.Counters() != tt.want {
			t.Errorf("%s: %+v, %v, counted %+v, want %+v", tt.name, a, ok, j.Counters(), tt.want)
		}
	}
}

// Bytes behind a datagram that claims to be empty name no probe.
func TestEmptyDatagram(t *testing.T) {
	j, packets := sent(t, probe.UDP{}, false)
	a, ok := j.Join(edit(reply(probe.UDP{}, false, packets[0]), 25, 8))
	if !ok || !a.Unidentified || a.Ident != 9 {
		t.Errorf("joined %v to %d, unidentified %v; want the last probe, 9", ok, a.Ident, a.Unidentified)
	}
}

func edit(packet []byte, at int, b byte) []byte {
	packet[at] = b
	return packet
}
