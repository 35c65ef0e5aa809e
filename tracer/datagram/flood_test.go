package datagram_test

import (
	"errors"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// flood answers the first probe with many copies, and the others with one.
func flood(copies int, answer func(probe []byte) []byte) *responder {
	first := true
	return &responder{answer: func(p []byte) (all [][]byte) {
		n := 1
		if first {
			first, n = false, copies
		}
		for range n {
			all = append(all, answer(slices.Clone(p)))
		}
		return all
	}}
}

func timeExceeded(p []byte) []byte { return exceeded(p, p) }

// While errors about earlier probes come in, none of them is taken for this
// host's refusal of the next.
func TestSendsWhileErrorsComeIn(t *testing.T) {
	everyWay(t, true, func(t *testing.T, w way) {
		const copies = 8000
		within(t, w, flood(copies, timeExceeded), nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
			ident, meanwhile := uint16(0), 0
			await(t, "the end of the flood", front, s, func() bool {
				ident = ident%60000 + 1
				// The device may have no room: of its losses, the kernel tells.
				if _, err := send(t, w, s, f, ident); err != nil && !errors.Is(err, unix.ENOBUFS) {
					t.Fatalf("probe %d: %v", ident, err)
				}
				ready(s)
				out := front.Counters().Out
				if out > 0 {
					meanwhile++
				}
				return out >= copies
			})
			if c := count(s); meanwhile == 0 || c.Answers == 0 || c.Unmatched+c.Malformed != 0 {
				t.Errorf("%d sent in the flood, counted %+v", meanwhile, c)
			}
		})
	})
}

// What finds no room is counted: datagrams to the last one; of errors, that there
// were some.
func TestCountsOverflow(t *testing.T) {
	tests := []struct {
		protocol string
		answer   func([]byte) []byte
		exact    bool
	}{
		{"icmp", reply, true}, {"udp", reply, true}, {"udp", timeExceeded, false}, {"icmp", timeExceeded, false},
	}
	for _, tt := range tests {
		for _, ipv6 := range []bool{false, true} {
			w := way{Protocol: tt.protocol, IPv6: ipv6}
			small := func(o *datagram.Options) { o.ReceiveBuffer = 8 << 10 }
			within(t, w, flood(6000, tt.answer), small, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
				_, err := send(t, w, s, f, 1)
				must(t, err)
				got := uint64(0)
				await(t, "a count of all that came", front, s, func() bool {
					got += uint64(len(ready(s)))
					c := count(s)
					return front.Counters().Out == 6000 && c.Answers == got && c.Answers < 6000 &&
						c.Overflow > 0 && (c.Answers+c.Overflow == 6000 || !tt.exact)
				})
				c := count(s)
				must(t, s.Close())
				if after := count(s); after != c && tt.exact {
					t.Errorf("%v: counted %+v, and %+v after Close", w, c, after)
				}
			})
		}
	}
}

// What Next is not called for in time is counted too.
func TestCountsBacklog(t *testing.T) {
	w := way{Protocol: "icmp"}
	within(t, w, flood(2000, reply), nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
		_, err := send(t, w, s, f, 1)
		must(t, err)
		await(t, "a count of all that came", front, s, func() bool { c := count(s); return c.Answers+c.Overflow == 2000 })
		c := count(s)
		if got := uint64(len(ready(s))); c.Answers != got || c.Overflow == 0 {
			t.Errorf("counted %+v, got %d answers", c, got)
		}
	})
}

// Errors that name no probe are taken for those to the last one that was sent
// before they came.
func TestNamelessAnswers(t *testing.T) {
	short := func(p []byte) []byte { return exceeded(p, p[:header(p)+wire.UDPHeaderLen]) }
	padded := func(p []byte) []byte { // as RFC 4884 has it
		return exceeded(p, append(slices.Clone(p[:header(p)+wire.UDPHeaderLen]), make([]byte, 100)...))
	}
	for i, answer := range []func([]byte) []byte{short, padded, short, padded} {
		w := way{Protocol: "udp", IPv6: i > 1}
		within(t, w, flood(2, answer), nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
			for n, ident := range []uint16{100, 101, 102} {
				_, err := send(t, w, s, f, ident)
				must(t, err)
				await(t, "answers", front, s, func() bool { return count(s).Answers == uint64(2+n) })
			}
			var idents []uint16
			for _, a := range ready(s) {
				if !a.Unidentified || a.Duplicate {
					t.Errorf("%v: %+v, want it unidentified", w, a)
				}
				idents = append(idents, a.Ident)
			}
			if !slices.Equal(idents, []uint16{100, 100, 101, 102}) {
				t.Errorf("%v: answers to %v", w, idents)
			}
		})
	}
}

// That holds also if they were not read before the next probe is sent.
func TestNamelessAnswerUnread(t *testing.T) {
	short := func(p []byte) []byte { return exceeded(p, p[:header(p)+wire.UDPHeaderLen]) }
	for _, ipv6 := range []bool{false, true} {
		w := way{Protocol: "udp", IPv6: ipv6, UserClock: true}
		within(t, w, flood(1, short), nil, func(front *lab.Front, s *datagram.Socket, f probe.Flow) {
			must(t, s.Deafen())
			for n, ident := range []uint16{100, 101} {
				_, err := send(t, w, s, f, ident)
				must(t, err)
				await(t, "answers", front, s, func() bool { return front.Counters().Out == uint64(1+n) })
			}
			if a := next(t, s); a.Ident != 100 {
				t.Errorf("%v: an answer to %d, want it to 100", w, a.Ident)
			}
		})
	}
}
