package lab

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// build joins the nodes by links and gives them routes.
func (c *chain) build() error {
	last := len(c.nodes) - 1
	for i := 1; i <= last; i++ {
		if err := c.join(i); err != nil {
			return fmt.Errorf("lab: link from %s to %s: %w", c.nodes[i-1].Name, c.nodes[i].Name, err)
		}
	}
	for i := range c.nodes {
		if err := c.route(i); err != nil {
			return fmt.Errorf("lab: routes of %s: %w", c.nodes[i].Name, err)
		}
	}
	return nil
}

// join makes link i. Both ends appear where they belong, so that the
// namespace of this process sees neither.
func (c *chain) join(i int) error {
	near, far := "eth1", "eth0"
	if i == 1 {
		near = "eth0" // the client's only interface
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name = near
	veth := &netlink.Veth{LinkAttrs: attrs, PeerName: far, PeerNamespace: netlink.NsFd(c.spaces[i])}
	if err := c.handles[i-1].LinkAdd(veth); err != nil {
		return fmt.Errorf("add veth: %w", err)
	}
	// An IPv6 address gets its routes only on a link that is up.
	if err := setUp(c.handles[i-1], near); err != nil {
		return err
	}
	if err := setUp(c.handles[i], far); err != nil {
		return err
	}
	for _, f := range families {
		if err := addAddress(c.handles[i-1], near, f(i, nearEnd)); err != nil {
			return err
		}
		if err := addAddress(c.handles[i], far, f(i, farEnd)); err != nil {
			return err
		}
	}
	return nil
}

// route gives node i its routes in both families.
func (c *chain) route(i int) error {
	for _, f := range families {
		for _, r := range f.routes(i, len(c.nodes)-1) {
			to := ipNet(r.to)
			if err := c.handles[i].RouteAdd(&netlink.Route{Dst: to, Gw: r.via.AsSlice()}); err != nil {
				return fmt.Errorf("add %v via %v: %w", r.to, r.via, err)
			}
		}
	}
	return nil
}

// addAddress gives the interface an address that is usable at once, without
// duplicate address detection.
func addAddress(h *netlink.Handle, name string, prefix netip.Prefix) error {
	link, err := h.LinkByName(name)
	if err != nil {
		return fmt.Errorf("interface %s: %w", name, err)
	}
	addr := &netlink.Addr{IPNet: ipNet(prefix)}
	if prefix.Addr().Is6() {
		addr.Flags = unix.IFA_F_NODAD
	}
	if err := h.AddrAdd(link, addr); err != nil {
		return fmt.Errorf("add %v to %s: %w", prefix, name, err)
	}
	return nil
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}
