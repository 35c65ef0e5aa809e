package lab

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
)

// HashPolicy says what the fork of a diamond chooses the way of a packet by, as
// net.ipv4.fib_multipath_hash_policy has it and its IPv6 twin.
type HashPolicy string

// The policies. HashFlow takes addresses, protocol and ports; Linux does not look at
// what tells flows of echo requests apart, so that they all go one way. HashAddresses
// takes addresses alone, over IPv6 the flow label too.
const (
	HashFlow      HashPolicy = "1"
	HashAddresses HashPolicy = "0"
)

// MaxBranches is the largest number of branches, and of routers in all of them.
const MaxBranches = 64

// DiamondOptions says what a diamond looks like.
type DiamondOptions struct {
	// Branches holds the number of routers on each way.
	Branches []int
	// Hash is what the ways are chosen by: HashFlow if empty.
	Hash HashPolicy
}

// Branched is a lab of several ways.
type Branched struct {
	*Lab
	ways [][]Node
}

// Way returns the addresses that answer a trace by a branch, counted from 0, hop by hop.
func (b *Branched) Way(branch int, ipv6 bool) (all []netip.Addr) {
	for _, n := range b.ways[branch] {
		if ipv6 {
			all = append(all, n.V6)
		} else {
			all = append(all, n.V4)
		}
	}
	return all
}

// Diamond brings up a network with several ways, between which a kernel chooses: from
// the client by a gateway, r1, to the fork, r2; from there by branches b1, b2, ..., to
// the join, and from there to the target. The second router of b1, if it has one, is
// b1-2. Answers come back by the first branch. The join answers from its end of that,
// over IPv6 from its end of the branch that a probe came by.
func Diamond(ctx context.Context, opt DiamondOptions) (*Branched, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if opt.Hash == "" {
		opt.Hash = HashFlow
	}
	b := &Branched{}
	l, err := start(ctx, func(l *Lab) error {
		d := diamond{lab: l, options: opt, number: map[string]int{}}
		defer d.close()
		err := d.build()
		b.ways = d.ways
		return err
	})
	if err != nil {
		return nil, err
	}
	b.Lab = l
	return b, nil
}

// check reports branches that cannot be.
func (opt DiamondOptions) check() error {
	routers := 0
	for _, n := range opt.Branches {
		if n < 1 {
			return fmt.Errorf("lab: a branch of %d routers: it needs 1", n)
		}
		routers += n
	}
	if len(opt.Branches) == 0 || routers > MaxBranches {
		return fmt.Errorf("lab: %d routers in %d branches: use 1 to %d", routers, len(opt.Branches), MaxBranches)
	}
	return nil
}

// The nodes that all ways have in common.
const (
	gateway = "r1"
	fork    = "r2"
	join    = "join"
)

// diamond is such a network under construction.
type diamond struct {
	chain
	lab     *Lab
	options DiamondOptions
	number  map[string]int // of a node, by its name
	links   int            // so far
	joins   []segment      // the last links of the branches
	next    []*netlink.NexthopInfo
	ways    [][]Node
}

// build makes the nodes, then the links with the routes along them.
func (d *diamond) build() error {
	for _, step := range []func() error{d.addNodes, d.stem, d.branches, d.tail, d.forkRoutes} {
		if err := step(); err != nil {
			return err
		}
	}
	d.lab.nodes = d.nodes
	for i := range d.options.Branches {
		d.ways = append(d.ways, d.way(i))
	}
	return d.settle()
}

// way returns the nodes of a branch as they answer.
func (d *diamond) way(i int) (all []Node) {
	for _, name := range slices.Concat([]string{gateway, fork}, d.options.branch(i), []string{join, Target}) {
		n := d.nodes[d.number[name]]
		if name == join {
			n.V6 = planV6(d.joins[i].number, farEnd).Addr()
		}
		all = append(all, n)
	}
	return all
}
