package socket

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// links are the interfaces of a network namespace, by index.
type links map[int]netlink.Link

// dumpTries is how often a dump is tried that changes of what is dumped upset;
// the last result is taken as it is.
const dumpTries = 3

func listLinks() (links, error) {
	list, err := netlink.LinkList()
	for try := 1; errors.Is(err, netlink.ErrDumpInterrupted) && try < dumpTries; try++ {
		list, err = netlink.LinkList()
	}
	if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) {
		return nil, fmt.Errorf("listing the network interfaces: %w", err)
	}
	all := make(links, len(list))
	for _, l := range list {
		all[l.Attrs().Index] = l
	}
	return all, nil
}

// candidates returns the interfaces that an answer could come in by as well as
// by the route's own, whatever the routes.
func (ls links) candidates(own netlink.Link) (all []netlink.Link) {
	const ready = unix.IFF_UP | unix.IFF_RUNNING
	for _, l := range ls {
		// A VRF device sees no packets coming in, and what a port receives
		// is also seen at its bridge or bond.
		skip := l == own || l.Attrs().RawFlags&ready != ready || isLoop(l) || ls.port(l)
		if !skip && ls.vrf(l) == ls.vrf(own) {
			all = append(all, l)
		}
	}
	return all
}

// isLoop reports whether an interface is the one that packets of its domain to
// itself pass: lo or, in a VRF, the VRF device.
func isLoop(l netlink.Link) bool {
	return l.Attrs().RawFlags&unix.IFF_LOOPBACK != 0 || l.Type() == "vrf"
}

// vrf returns the index of the VRF that an interface is in; 0: none.
func (ls links) vrf(l netlink.Link) int {
	if l.Type() == "vrf" {
		return l.Attrs().Index
	}
	if master, ok := ls[l.Attrs().MasterIndex]; ok && master.Type() == "vrf" {
		return master.Attrs().Index
	}
	return 0
}

// port reports whether an interface is a port of a bridge, a bond or the like.
func (ls links) port(l netlink.Link) bool {
	return l.Attrs().MasterIndex != 0 && ls.vrf(l) == 0
}

// stacked lists the kinds of interfaces whose packets come in by the one below
// with the same network header. What a tunnel's packets come in as is no answer.
var stacked = map[string]bool{"vlan": true, "macvlan": true, "macvtap": true, "ipvlan": true, "ipvtap": true}

// maxStack bounds the interfaces on top of each other (kernel: MAX_NEST_DEV).
const maxStack = 8

// sees reports whether what comes in by upper is seen at lower before.
//
// The kernel's __netif_receive_skb_core calls sch_handle_ingress, where tcx and
// clsact programs run, for each device that it takes a packet to come in by. That
// is before vlan_do_receive and before the device's rx_handler, which make of a
// packet of the lower device one of the VLAN, macvlan, bridge or bond on top and
// have it go round again. So it is seen at each of them, the lowest first. The
// way into a VRF is another: ip_rcv_finish calls vrf_l3_rcv, after all that and
// without going round, so that packets are seen at the VRF's slaves alone.
func (ls links) sees(lower, upper netlink.Link) bool {
	for range maxStack {
		a := upper.Attrs()
		if lower.Attrs().Index == a.Index || ls.port(lower) && lower.Attrs().MasterIndex == a.Index {
			return true
		}
		below, ok := ls[a.ParentIndex]
		// An index in another namespace says nothing about ours.
		if !ok || a.NetNsID >= 0 || !stacked[upper.Type()] {
			return false
		}
		upper = below
	}
	return false
}
