package main

import (
	"context"
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// hops is the length of every path that is measured, the target included.
const hops = 4

// near and far are the nodes whose eth0 are the ends of the first link.
const (
	nearNode = lab.Client
	farNode  = "r1"
)

// network is a lab with a target hops away.
type network struct {
	*lab.Lab
	client lab.Node
	v4, v6 netip.Addr // of the target
	// first is the TTL that tracers begin with: hops before it are not in
	// the condition that the network is for.
	first int
	close func()
}

// newNetwork brings up a chain of kernel routers or, for a delay, one whose
// routers behind the first are simulated.
func newNetwork(ctx context.Context, delay time.Duration) (*network, error) {
	if delay > 0 {
		return newDelayed(ctx, delay)
	}
	l, err := lab.Chain(ctx, lab.Options{Routers: hops - 1})
	if err != nil {
		return nil, err
	}
	client, _ := l.Node(lab.Client)
	target, _ := l.Node(lab.Target)
	return &network{Lab: l, client: client, v4: target.V4, v6: target.V6, first: 1, close: func() { l.Close() }}, nil
}

// target returns the target's address in the family, 4 or 6.
func (n *network) target(family string) netip.Addr {
	if family == "6" {
		return n.v6
	}
	return n.v4
}

// isClient reports whether the address is the client's that probes leave from.
func (n *network) isClient(a netip.Addr) bool { return a == n.client.V4 || a == n.client.V6 }
