package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// newDelayed brings up a client and one kernel router, r1, that leads to a
// simulated network by a TUN device. Its nodes answer after delay, r1 at once.
func newDelayed(ctx context.Context, delay time.Duration) (*network, error) {
	scenario, err := sim.Parse(delayedScenario(delay))
	if err != nil {
		return nil, err
	}
	l, err := lab.Chain(ctx, lab.Options{Routers: 1})
	if err != nil {
		return nil, err
	}
	var tun *os.File
	err = l.Do(farNode, func() (err error) {
		tun, err = openTUN(delayedV4, delayedV6)
		return err
	})
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("TUN device of %s: %w", farNode, err)
	}
	var both sync.WaitGroup
	later := make(chan answer, 1<<12)
	both.Go(func() { receive(tun, sim.New(scenario, 1), later) })
	both.Go(func() { deliver(tun, later) })
	client, _ := l.Node(lab.Client)
	return &network{
		Lab: l, client: client, v4: scenario.TargetAddr(false), v6: scenario.TargetAddr(true), first: 2,
		close: func() { tun.Close(); both.Wait(); l.Close() },
	}, nil
}

var (
	delayedV4 = netip.MustParsePrefix("198.19.0.0/16")
	delayedV6 = netip.MustParsePrefix("2001:db8:d::/48")
)

// delayedScenario describes the hops behind r1, the delay on the first link.
func delayedScenario(delay time.Duration) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "name = \"delayed\"\nentry = \"r2\"\ntarget = \"r%d\"\n", hops)
	for i := 2; i <= hops; i++ {
		fmt.Fprintf(&b, "[[node]]\nname = \"r%d\"\nv4 = \"198.19.%d.1\"\nv6 = \"2001:db8:d:%d::1\"\n", i, i, i)
		if i == 2 {
			fmt.Fprintf(&b, "delay = %q\n", delay/2)
		}
		if i < hops {
			fmt.Fprintf(&b, "next = [\"r%d\"]\n", i+1)
		}
	}
	return []byte(b.String())
}

// answer is a packet that waits.
type answer struct {
	due    time.Time
	packet []byte
}

// receive hands packets to the simulated network until the device is closed.
// All answers take the same time, so a channel keeps their order.
func receive(tun io.Reader, n *sim.Network, later chan<- answer) {
	defer close(later)
	buffer := make([]byte, 1<<16)
	for {
		size, err := tun.Read(buffer)
		if err != nil {
			return
		}
		now := time.Now()
		for _, d := range n.Handle(now, append([]byte(nil), buffer[:size]...)) {
			later <- answer{now.Add(d.After), d.Packet}
		}
	}
}

// deliver writes answers when they are due. How punctual it is does not matter:
// the bracket is of what happened.
func deliver(tun io.Writer, later <-chan answer) {
	for a := range later {
		time.Sleep(time.Until(a.due))
		if _, err := tun.Write(a.packet); errors.Is(err, os.ErrClosed) {
			continue // the rest is for nobody
		}
	}
}
