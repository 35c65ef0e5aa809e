package loader

import (
	"errors"
	"net/netip"
	"os"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// upper is a kind of device that passes packets on to another one.
type upper struct {
	name string
	link func(netlink.LinkAttrs) netlink.Link
	// master says that the device below is made part of it. Else it is on top of
	// the one that ParentIndex names.
	master bool
}

var uppers = []upper{
	{name: "vlan", link: func(a netlink.LinkAttrs) netlink.Link { return &netlink.Vlan{LinkAttrs: a, VlanId: 7} }},
	{name: "macvlan", link: func(a netlink.LinkAttrs) netlink.Link {
		return &netlink.Macvlan{LinkAttrs: a, Mode: netlink.MACVLAN_MODE_BRIDGE}
	}},
	{name: "bridge", master: true, link: func(a netlink.LinkAttrs) netlink.Link { return &netlink.Bridge{LinkAttrs: a} }},
	{name: "bond", master: true, link: func(a netlink.LinkAttrs) netlink.Link {
		bond := netlink.NewLinkBond(a)
		bond.Mode = netlink.BOND_MODE_ACTIVE_BACKUP
		return bond
	}},
}

// stack puts a device onto both ends, and has traces go through it.
func (n *network) stack(t *testing.T, u upper) {
	t.Helper()
	n.v4 = probe.Flow{Source: netip.MustParseAddr("10.98.0.1"), Target: netip.MustParseAddr("10.98.0.2")}
	must(t, netns.Set(n.far))
	addUpper(t, u, "far", n.v4.Target)
	must(t, netns.Set(n.near))
	n.index = addUpper(t, u, "near", n.v4.Source)
}

func addUpper(t *testing.T, u upper, parent string, addr netip.Addr) int {
	t.Helper()
	// Lest the device below answer ARP requests for the one above.
	must(t, os.WriteFile("/proc/sys/net/ipv4/conf/all/arp_ignore", []byte("1"), 0))
	below, err := netlink.LinkByName(parent)
	must(t, err)
	attrs := netlink.NewLinkAttrs()
	attrs.Name = "upper"
	if !u.master {
		attrs.ParentIndex = below.Attrs().Index
	}
	addLink(t, u.link(attrs))
	if u.master {
		enslave(t, below, "upper")
	}
	return setUp(t, "upper", addr)
}

// addLink makes a device, or skips the test where the kernel has none such.
func addLink(t *testing.T, l netlink.Link) {
	t.Helper()
	err := netlink.LinkAdd(l)
	if errors.Is(err, unix.EOPNOTSUPP) {
		t.Skipf("this kernel has no %s devices", l.Type())
	}
	must(t, err)
}

// enslave makes a device part of another one. Bonds take in only what is down.
func enslave(t *testing.T, below netlink.Link, master string) {
	t.Helper()
	l, err := netlink.LinkByName(master)
	must(t, err)
	must(t, netlink.LinkSetDown(below))
	must(t, netlink.LinkSetMaster(below, l))
	must(t, netlink.LinkSetUp(below))
}
