package lab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// Responder answers packets. [sim.Network] is one.
type Responder interface {
	// Handle takes a whole IP packet, which is its own to keep, and the time
	// at which it was sent, and returns what comes back. A Front calls it
	// from one goroutine.
	Handle(now time.Time, packet []byte) []sim.Delivery
}

// Counters tells what went through a [Front].
type Counters struct {
	// In is the number of packets that the responder was given.
	In uint64
	// Out is the number of answers that the client was given.
	Out uint64
	// Dropped is the number of answers that were no IP packets or found too
	// many others waiting.
	Dropped uint64
}

// Front is a lab of one namespace, the client, whose routes lead to a responder
// in this process. It sends no packets of its own accord. Answers come as the
// deliveries say or some ten microseconds later.
type Front struct {
	*Lab
	responder        Responder
	tun              *tun
	queue            *queue
	in, out, dropped atomic.Uint64
}

// Simulated brings up a front to a simulated network, whose nodes' names
// resolve. The lab runs until Close is called or ctx ends.
func Simulated(ctx context.Context, s *sim.Scenario, seed uint64) (*Front, error) {
	var nodes []Node
	for _, n := range s.Nodes {
		nodes = append(nodes, Node{Name: n.Name, V4: n.V4, V6: n.V6})
		if n.Name == s.Target && n.Name != Target {
			nodes = append(nodes, Node{Name: Target, V4: n.V4, V6: n.V6})
		}
	}
	return Answered(ctx, sim.New(s, seed), nodes)
}

// Answered is [Simulated] for any responder. The nodes, which may be none, are
// those that have names beside the client.
func Answered(ctx context.Context, r Responder, nodes []Node) (*Front, error) {
	f := &Front{responder: r}
	var err error
	f.Lab, err = start(ctx, func(l *Lab) error { return f.bringUp(l, nodes) })
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Counters returns what has been counted so far.
func (f *Front) Counters() Counters {
	return Counters{In: f.in.Load(), Out: f.out.Load(), Dropped: f.dropped.Load()}
}

// bringUp makes the client and its TUN device and starts both directions, which
// end when the lab closes the files that they read.
func (f *Front) bringUp(l *Lab, nodes []Node) error {
	client := Node{
		Name: Client,
		V4:   unused(netip.AddrFrom4([4]byte{198, 19, 255, 1}), nodes),
		V6:   unused(netip.MustParseAddr("2001:db8:ffff::1"), nodes),
	}
	l.nodes = append([]Node{client}, nodes...)
	if err := l.addSpace(Client, tunSettings); err != nil {
		return err
	}
	var err error
	if f.tun, err = l.addTUN(client); err != nil {
		return fmt.Errorf("lab: TUN device: %w", err)
	}
	if f.queue, err = newQueue(); err != nil {
		return errors.Join(fmt.Errorf("lab: timer: %w", err), f.tun.Close())
	}
	var both sync.WaitGroup
	both.Go(f.receive)
	both.Go(f.deliver)
	l.closers = append(l.closers, func() {
		f.tun.Close()
		f.queue.Close()
		both.Wait()
	})
	return nil
}

// unused returns the first address from a on that no node has.
func unused(a netip.Addr, nodes []Node) netip.Addr {
	for slices.ContainsFunc(nodes, func(n Node) bool { return n.V4 == a || n.V6 == a }) {
		a = a.Next()
	}
	return a
}

// receive hands packets to the responder until the TUN device is closed.
func (f *Front) receive() {
	for {
		packet, err := f.tun.receive()
		if err != nil {
			return
		}
		now := time.Now()
		f.in.Add(1)
		for _, d := range f.responder.Handle(now, packet) {
			if !f.queue.push(now.Add(d.After), d.Packet) {
				f.dropped.Add(1)
			}
		}
	}
}

// deliver writes answers when they are due until the queue is closed.
func (f *Front) deliver() {
	for {
		packets, err := f.queue.pop()
		if err != nil {
			return
		}
		for _, p := range packets {
			if _, err := f.tun.Write(p); err != nil {
				f.dropped.Add(1)
				continue
			}
			f.out.Add(1)
		}
	}
}
