package socket

import (
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// anyHandle asks in the calling thread's network namespace.
var anyHandle = &netlink.Handle{}

// vrfNamed returns the name of the VRF that an interface is, or is in; empty:
// none, or no interface.
func vrfNamed(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	link, err := netlink.LinkByName(name)
	if err != nil {
		return "", fmt.Errorf("unknown interface %q: use one that `ip link` lists", name)
	}
	return vrfOf(anyHandle, link)
}

// vrfOf returns the name of the VRF that an interface is, or is in.
func vrfOf(h *netlink.Handle, l netlink.Link) (string, error) {
	if i := l.Attrs().MasterIndex; i != 0 && l.Type() != "vrf" {
		master, err := h.LinkByIndex(i)
		if err != nil {
			return "", fmt.Errorf("looking up the master of interface %s: %w", l.Attrs().Name, err)
		}
		l = master
	}
	if l.Type() != "vrf" {
		return "", nil
	}
	return l.Attrs().Name, nil
}

// device returns the device that packets pass on a route, and the VRF that it is
// in. To addresses of this host that is lo or, in a VRF, the VRF's own device.
func device(h *netlink.Handle, r netlink.Route) (netlink.Link, string, error) {
	l, err := h.LinkByIndex(r.LinkIndex)
	if err != nil {
		return nil, "", err
	}
	vrf, err := vrfOf(h, l)
	return l, vrf, err
}

// leadsInto reports whether a route to elsewhere goes on by the routes of a VRF,
// that of the device.
func leadsInto(device netlink.Link, r netlink.Route) bool {
	return device.Type() == "vrf" && r.Type != unix.RTN_LOCAL
}

// local reports whether packets to an address end on this host, or in the VRF:
// those outside of a VRF, or in another one, are strangers. The kernel's answer
// alone won't do: it looks up addresses outside first (`ip rule`, preference 0).
func local(h *netlink.Handle, a netip.Addr, vrf string) bool {
	found, err := h.RouteGetWithOptions(a.AsSlice(), &netlink.RouteGetOptions{Oif: vrf})
	if err != nil || len(found) == 0 || found[0].Type != unix.RTN_LOCAL {
		return false
	}
	_, in, err := device(h, found[0])
	return err == nil && in == vrf
}

func foreignSource(a netip.Addr, vrf string) error {
	if vrf != "" {
		return fmt.Errorf("source %v is not an address in VRF %s: use one that `ip address show vrf %s` lists", a, vrf, vrf)
	}
	return fmt.Errorf("source %v is not an address of this host (if it is one in a VRF, choose that as the interface): "+
		"use one that `ip address` lists", a)
}

// bindVRF binds a socket to the VRF that an interface is in, if any: elsewhere
// its addresses are strangers (kernel: inet_addr_type_table).
func bindVRF(fd, index int) error {
	link, err := netlink.LinkByIndex(index)
	if err != nil {
		return fmt.Errorf("looking up interface %d: %w", index, err)
	}
	vrf, err := vrfOf(anyHandle, link)
	if err != nil || vrf == "" {
		return err
	}
	return unix.BindToDevice(fd, vrf)
}
