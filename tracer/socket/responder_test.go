package socket_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// far answers echo requests after a while, and the one with number 1 with a
// number of replies.
type far struct {
	copies int
	after  time.Duration
}

func (f far) Handle(_ time.Time, packet []byte) []sim.Delivery {
	h, body, err := wire.ParseIPv4(packet)
	if err != nil {
		return nil
	}
	echo, payload, err := wire.ParseEcho(body, false)
	if err != nil {
		return nil
	}
	echo.Reply = true
	h.Source, h.Target, h.TTL = h.Target, h.Source, 60
	answer := echo.Append(h.Append(nil), h.Source, h.Target, payload)
	all := []sim.Delivery{{After: f.after, Packet: answer}}
	for echo.Sequence == 1 && len(all) < f.copies {
		all = append(all, sim.Delivery{After: f.after, Packet: slices.Clone(answer)})
	}
	return all
}

var (
	remote  = netip.MustParseAddr("203.0.113.10")
	pinging = way{probe.ICMP{}, false, true}
)

// within runs a test in front of a responder, with a listener and its flow.
func within(t *testing.T, r lab.Responder, change func(*socket.ListenOptions), test func(*lab.Front, *socket.Listener, probe.Flow)) {
	t.Helper()
	needRoot(t)
	f, err := lab.Answered(t.Context(), r, []lab.Node{{Name: lab.Target, V4: remote}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = f.Do(lab.Client, func() error {
		l, flow := open(t, pinging, remote, change)
		test(f, l, flow)
		return l.Close()
	})
	if err != nil {
		t.Error(err)
	}
}

// ping sends one probe and returns when it was sent.
func ping(t *testing.T, l *socket.Listener, f probe.Flow, ident uint16) (stamp.Mono, error) {
	t.Helper()
	packet, err := probe.ICMP{}.Marshal(f, 9, ident)
	if err != nil {
		t.Fatal(err)
	}
	return l.Send(packet)
}

func next(t *testing.T, l *socket.Listener) tracer.Answer {
	t.Helper()
	a, err := l.Next(time.Now().Add(5 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
