package lab

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// segment is a link under construction: between two nodes, by interfaces of one name.
type segment struct {
	near, far string // nodes
	number    int
	device    string
}

func (s segment) gateway(f family, end byte) net.IP { return f(s.number, end).Addr().AsSlice() }

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

// link makes the next link. Node far answers from its end, unless it has another
// nearer to the client already.
func (d *diamond) link(near, far string) (segment, error) {
	d.links++
	s := segment{near, far, d.links, fmt.Sprintf("eth%d", d.links)}
	if near == Client {
		s.device = "eth0"
	}
	if err := d.makeLink(s); err != nil {
		return s, fmt.Errorf("lab: link from %s to %s: %w", near, far, err)
	}
	d.name(near, s, nearEnd)
	d.name(far, s, farEnd)
	return s, nil
}

// name gives a node without address that of its end of a link.
func (d *diamond) name(node string, s segment, end byte) {
	if n := &d.nodes[d.number[node]]; !n.V4.IsValid() {
		n.V4, n.V6 = planV4(s.number, end).Addr(), planV6(s.number, end).Addr()
	}
}

func (d *diamond) makeLink(s segment) error {
	near, _ := d.at(s.near)
	far, space := d.at(s.far)
	attrs := netlink.NewLinkAttrs()
	attrs.Name = s.device
	veth := &netlink.Veth{LinkAttrs: attrs, PeerName: s.device, PeerNamespace: netlink.NsFd(space)}
	if err := near.LinkAdd(veth); err != nil {
		return fmt.Errorf("add veth: %w", err)
	}
	// An IPv6 address gets its routes only on a link that is up.
	if err := firstError(setUp(near, s.device), setUp(far, s.device)); err != nil {
		return err
	}
	return d.each(func(f family) error {
		return firstError(
			addAddress(near, s.device, f(s.number, nearEnd)),
			addAddress(far, s.device, f(s.number, farEnd)),
		)
	})
}

func (d *diamond) route(node string, to netip.Prefix, via net.IP) error {
	h, _ := d.at(node)
	if err := h.RouteAdd(&netlink.Route{Dst: ipNet(to), Gw: via}); err != nil {
		return fmt.Errorf("lab: %s: add %v via %v: %w", node, to, via, err)
	}
	return nil
}

func (d *diamond) each(do func(family) error) error {
	for _, f := range families {
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
