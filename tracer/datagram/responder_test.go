package datagram_test

import (
	"bytes"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Where probes go, and who complains of them.
var (
	remote = lab.Node{Name: lab.Target, V4: netip.MustParseAddr("203.0.113.10"), V6: netip.MustParseAddr("2001:db8:ffff::10")}
	router = lab.Node{V4: netip.MustParseAddr("198.18.7.1"), V6: netip.MustParseAddr("2001:db8:7::1")}
)

// responder returns what comes back to each probe, and keeps what it saw.
type responder struct {
	answer func(probe []byte) [][]byte
	after  time.Duration

	mu   sync.Mutex
	seen [][]byte
}

func (r *responder) Handle(_ time.Time, packet []byte) (all []sim.Delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, bytes.Clone(packet))
	for _, p := range r.answer(packet) {
		all = append(all, sim.Delivery{After: r.after, Packet: p})
	}
	return all
}

// within runs a test in front of a responder, with a socket and its flow.
func within(t *testing.T, w way, r lab.Responder, change func(*datagram.Options), test func(*lab.Front, *datagram.Socket, probe.Flow)) {
	t.Helper()
	needRoot(t)
	f, err := lab.Answered(t.Context(), r, []lab.Node{remote})
	must(t, err)
	defer f.Close()
	prepare(t, f.Lab)
	must(t, f.Do(lab.Client, func() error {
		s, flow, err := open(w, w.address(remote), change)
		if err != nil {
			return err
		}
		defer s.Close()
		test(f, s, flow)
		return s.Close()
	}))
}

// send sends one probe and returns when it was sent.
func send(t *testing.T, w way, s *datagram.Socket, f probe.Flow, ident uint16) (stamp.Mono, error) {
	t.Helper()
	packet, err := w.protocol().Marshal(f, 9, ident)
	must(t, err)
	return s.Send(packet)
}

func next(t *testing.T, s *datagram.Socket) tracer.Answer {
	t.Helper()
	a, err := s.Next(time.Now().Add(patience))
	must(t, err)
	return a
}

// patience is how long the slowest machine may take.
const patience = 20 * time.Second

// await waits until something holds of a socket and the network.
func await(t *testing.T, what string, front *lab.Front, s *datagram.Socket, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			_, err := s.Next(time.Time{})
			t.Fatalf("waited for %s in vain: the socket counts %+v, the network %+v; then %v", what, count(s), front.Counters(), err)
		}
	}
}

// ready returns the answers that are there.
func ready(s *datagram.Socket) (all []tracer.Answer) {
	for {
		a, err := s.Next(time.Time{})
		if err != nil {
			return all
		}
		all = append(all, a)
	}
}

func count(s *datagram.Socket) tracer.Counters {
	c, _ := s.Counters() // there is no error
	return c
}

// header returns the length of the IP header of a probe.
func header(packet []byte) int {
	if packet[0]>>4 == 6 {
		return wire.IPv6HeaderLen
	}
	return wire.IPv4HeaderLen
}

// exceeded returns the complaint that the TTL of a packet was exceeded, which
// quotes what it is given.
func exceeded(packet, quote []byte) []byte { return complaint(packet, quote, 11, 3, 0, [4]byte{}) }

// complaint returns an ICMP error about a packet: its type by family, its code
// and second word.
func complaint(packet, quote []byte, type4, type6, code uint8, word [4]byte) []byte {
	if packet[0]>>4 == 6 {
		h, _, _ := wire.ParseIPv6(packet)
		body := append([]byte{type6, code, 0, 0, word[0], word[1], word[2], word[3]}, quote...)
		sum := wire.TransportChecksum(router.V6, h.Source, wire.ProtocolICMPv6, body)
		body[2], body[3] = byte(sum>>8), byte(sum)
		h = wire.IPv6{
			Source: router.V6, Target: h.Source, TTL: 250, TrafficClass: 0xb8,
			NextHeader: wire.ProtocolICMPv6, PayloadLength: len(body),
		}
		return append(h.Append(nil), body...)
	}
	h, _, _ := wire.ParseIPv4(packet)
	body := append([]byte{type4, code, 0, 0, word[0], word[1], word[2], word[3]}, quote...)
	sum := wire.Checksum(body)
	body[2], body[3] = byte(sum>>8), byte(sum)
	h = wire.IPv4{
		Source: router.V4, Target: h.Source, TTL: 250, TrafficClass: 0xb8,
		Protocol: wire.ProtocolICMP, Length: wire.IPv4HeaderLen + len(body),
	}
	return append(h.Append(nil), body...)
}

// reply returns what the target answers: the datagram back, or an echo reply.
func reply(packet []byte) []byte {
	p := bytes.Clone(packet)
	ipv6 := header(p) == wire.IPv6HeaderLen
	at, size, protocol := 12, 4, p[9]
	if ipv6 {
		at, size, protocol = 8, 16, p[6]
	}
	swap(p[at:], size) // no checksum changes
	if protocol == wire.ProtocolUDP {
		swap(p[header(p):], 2)
		return p
	}
	source, _ := netip.AddrFromSlice(p[at:][:size])
	target, _ := netip.AddrFromSlice(p[at+size:][:size])
	echo, payload, _ := wire.ParseEcho(p[header(p):], ipv6)
	echo.Reply = true
	return echo.Append(p[:header(p):header(p)], source, target, payload)
}

// swap exchanges the first size bytes with the next.
func swap(b []byte, size int) {
	for i := range size {
		b[i], b[size+i] = b[size+i], b[i]
	}
}
