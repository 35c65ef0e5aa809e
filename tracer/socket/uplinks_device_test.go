package socket_test

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func (w world) link(name string) netlink.Link {
	w.Helper()
	l, err := netlink.LinkByName(name)
	w.must(err)
	return l
}

func (w world) index(name string) int { return w.link(name).Attrs().Index }

// add makes an interface of a kind that this kernel may lack.
func (w world) add(l netlink.Link) netlink.Link {
	w.Helper()
	err := netlink.LinkAdd(l)
	if errors.Is(err, unix.EOPNOTSUPP) {
		w.Skipf("this kernel has no %s devices", l.Type())
	}
	w.must(err)
	return w.link(l.Attrs().Name)
}

// eth makes interface n, one end of a cable whose other end hears it all and
// says nothing.
func (w world) eth(n int) netlink.Link { w.Helper(); return w.up(w.cable(n), n) }

func (w world) cable(n int) netlink.Link {
	w.Helper()
	name := fmt.Sprintf("eth%d", n)
	l := w.add(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name + "p"})
	w.must(netlink.LinkSetUp(w.link(name + "p")))
	return l
}

// up sets an interface up and gives it the address of interface n.
func (w world) up(l netlink.Link, n int) netlink.Link {
	w.Helper()
	w.must(netlink.LinkSetUp(l))
	w.address(l, w.source(n))
	w.running(l.Attrs().Name)
	return l
}

// address adds an address, and waits until packets to it are taken in: the kernel
// sees to that later (addrconf_dad_work).
func (w world) address(l netlink.Link, a netip.Addr) {
	w.Helper()
	w.must(netlink.AddrAdd(l, &netlink.Addr{IPNet: network(a, w.bits(24, 64)), Flags: unix.IFA_F_NODAD}))
	local := &netlink.Route{Table: unix.RT_TABLE_UNSPEC, Type: unix.RTN_LOCAL, Dst: network(a, a.BitLen())}
	w.await(fmt.Sprintf("a local route to %v", a), func() bool {
		routes, err := netlink.RouteListFiltered(w.family(), local, netlink.RT_FILTER_TABLE|netlink.RT_FILTER_TYPE|netlink.RT_FILTER_DST)
		return err == nil && len(routes) > 0
	})
}

// running waits until the kernel has noticed that the other end is up, stopped
// that it is down.
func (w world) running(name string) { w.Helper(); w.awaitRunning(name, true) }
func (w world) stopped(name string) { w.Helper(); w.awaitRunning(name, false) }

func (w world) awaitRunning(name string, running bool) {
	w.Helper()
	w.await(fmt.Sprintf("%s to run: %v", name, running), func() bool {
		return w.link(name).Attrs().RawFlags&unix.IFF_RUNNING != 0 == running
	})
}

// await waits for what the kernel does in its own time.
func (w world) await(what string, happened func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); !happened(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("waited in vain for %s", what)
		}
	}
}

// patience is how long a test waits for what does happen.
const patience = time.Minute
