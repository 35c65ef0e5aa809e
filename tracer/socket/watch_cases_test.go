package socket_test

import (
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// watchTests tell what happens while eth0 is watched, with the source address
// that it has: first what is of no concern, then what is. Both must not be alike.
var watchTests = []struct {
	name   string
	before func(w world)
	lost   func(w world)
	want   unix.Errno
	says   string
}{
	{"down", nothing, down("eth0"), unix.ENETDOWN, "interface eth0 went down"},
	{"down for a moment", nothing, func(w world) {
		down("eth0")(w)
		w.must(netlink.LinkSetUp(w.link("eth0")))
	}, unix.ENETDOWN, "went down"},
	{"deleted", nothing, deleted("eth0"), unix.ENODEV, "eth0 was removed"},
	{"deleted at its other end", nothing, deleted("eth0p"), unix.ENODEV, "eth0 was removed"},
	{"in another namespace", nothing, func(w world) {
		w.must(netlink.LinkSetNsFd(w.link("eth0"), int(w.otherSpace())))
	}, unix.ENODEV, "moved to another network namespace"},
	{"address removed", nothing, removed("eth0", 0, 1), unix.EADDRNOTAVAIL, "eth0 lost the address "},
	{"no carrier", nothing, down("eth0p"), unix.ENOLINK, "eth0 lost its carrier"},
	{"another interface's end", func(w world) { down("eth1")(w); deleted("eth2")(w) }, removed("eth0", 0, 1), unix.EADDRNOTAVAIL, ""},
	{"another interface's address", removed("eth1", 1, 1), down("eth0"), unix.ENETDOWN, ""},
	{"another address", func(w world) {
		w.address(w.link("eth0"), w.host(0, 7))
		removed("eth0", 0, 7)(w)
	}, down("eth0"), unix.ENETDOWN, ""},
	{"an address that is on another interface too", func(w world) {
		w.must(netlink.AddrAdd(w.link("eth1"), &netlink.Addr{IPNet: network(w.source(0), w.source(0).BitLen()), Flags: unix.IFA_F_NODAD}))
		removed("eth0", 0, 1)(w)
	}, down("eth0"), unix.ENETDOWN, ""},
	{"an address on its way out", func(w world) {
		w.must(netlink.AddrReplace(w.link("eth0"), &netlink.Addr{
			IPNet: network(w.source(0), w.bits(24, 64)), Flags: unix.IFA_F_NODAD, ValidLft: 3600,
		}))
	}, down("eth0"), unix.ENETDOWN, ""},
	{"settings", func(w world) { w.must(netlink.LinkSetMTU(w.link("eth0"), 1400)) }, removed("eth0", 0, 1), unix.EADDRNOTAVAIL, ""},
	{"a carrier that comes back", func(w world) {
		down("eth0p")(w)
		w.stopped("eth0")
		w.must(netlink.LinkSetUp(w.link("eth0p")))
		w.running("eth0")
	}, removed("eth0", 0, 1), unix.EADDRNOTAVAIL, ""},
}

func nothing(world) {}

func down(name string) func(world) {
	return func(w world) { w.Helper(); w.must(netlink.LinkSetDown(w.link(name))) }
}

func deleted(name string) func(world) {
	return func(w world) { w.Helper(); w.must(netlink.LinkDel(w.link(name))) }
}

func removed(name string, n, i int) func(world) {
	return func(w world) {
		w.Helper()
		w.must(netlink.AddrDel(w.link(name), &netlink.Addr{IPNet: network(w.host(n, i), w.bits(24, 64))}))
	}
}

// otherSpace makes another network namespace.
func (w world) otherSpace() netns.NsHandle {
	w.Helper()
	home, err := netns.Get()
	w.must(err)
	defer home.Close()
	other, err := netns.New()
	w.must(err)
	w.Cleanup(func() { other.Close() })
	w.must(netns.Set(home))
	return other
}
