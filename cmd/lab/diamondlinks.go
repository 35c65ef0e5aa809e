package lab

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// stem links the client to the fork.
func (d *diamond) stem() error {
	first, err := d.link(Client, gateway)
	if err != nil {
		return err
	}
	second, err := d.link(gateway, fork)
	if err != nil {
		return err
	}
	return d.each(func(f family) error {
		return firstError(
			d.route(Client, anywhere(f), first.gateway(f, farEnd)),
			d.route(gateway, targets(f), second.gateway(f, farEnd)),
			d.route(fork, clients(f), second.gateway(f, nearEnd)),
		)
	})
}

// branches links the fork to the join by each of them.
func (d *diamond) branches() error {
	for i := range d.options.Branches {
		if err := d.addBranch(i); err != nil {
			return fmt.Errorf("lab: branch %d: %w", i+1, err)
		}
	}
	return nil
}

// addBranch makes a way from fork to join. The way back is the first branch.
func (d *diamond) addBranch(i int) error {
	nodes := append([]string{fork}, append(d.options.branch(i), join)...)
	for k := 1; k < len(nodes); k++ {
		s, err := d.link(nodes[k-1], nodes[k])
		if err != nil {
			return err
		}
		if s.far == join {
			d.joins = append(d.joins, s)
		}
		if err := d.each(func(f family) error { return d.branchRoutes(f, s, i == 0) }); err != nil {
			return err
		}
	}
	return nil
}

// branchRoutes leads to the target over a link, and back.
func (d *diamond) branchRoutes(f family, s segment, back bool) error {
	var forth, home error
	if to := s.gateway(f, farEnd); s.near == fork {
		forth = d.nextHop(s, to)
	} else {
		forth = d.route(s.near, targets(f), to)
	}
	if s.far != join || back {
		home = d.route(s.far, clients(f), s.gateway(f, nearEnd))
	}
	return firstError(forth, home)
}

// nextHop makes a branch one of those that the fork chooses from.
func (d *diamond) nextHop(s segment, to net.IP) error {
	h, _ := d.at(fork)
	link, err := h.LinkByName(s.device)
	if err != nil {
		return fmt.Errorf("interface %s: %w", s.device, err)
	}
	d.next = append(d.next, &netlink.NexthopInfo{LinkIndex: link.Attrs().Index, Gw: to})
	return nil
}

// forkRoutes gives the fork its route over all branches.
func (d *diamond) forkRoutes() error {
	h, _ := d.at(fork)
	return d.each(func(f family) error {
		to := ipNet(targets(f))
		r := &netlink.Route{Dst: to}
		for _, n := range d.next {
			if len(n.Gw) == len(to.IP) {
				r.MultiPath = append(r.MultiPath, n)
			}
		}
		if err := h.RouteAdd(r); err != nil {
			return fmt.Errorf("lab: add %v over %d branches: %w", targets(f), len(r.MultiPath), err)
		}
		return nil
	})
}

// tail links the join to the target.
func (d *diamond) tail() error {
	d.links = targetLink - 1
	s, err := d.link(join, Target)
	if err != nil {
		return err
	}
	return d.each(func(f family) error { return d.route(Target, anywhere(f), s.gateway(f, nearEnd)) })
}

// targetLink is the number of the link that the target is on, above all others.
const targetLink = 255

func anywhere(f family) netip.Prefix { return netip.PrefixFrom(f(1, 0).Addr(), 0).Masked() }
func clients(f family) netip.Prefix  { return f(1, 0).Masked() }
func targets(f family) netip.Prefix  { return f(targetLink, 0).Masked() }
