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
