package socket_test

import (
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// An address need not be on an interface: 127.0.0.2 is not, nor what a local
// route makes one.
func TestWatchAddressOfNoInterface(t *testing.T) {
	worlds(t, func(w world) {
		w.threeEths()
		source := w.host(55, 5)
		w.must(netlink.RouteAdd(&netlink.Route{
			LinkIndex: w.index("lo"), Dst: network(source, source.BitLen()), Type: unix.RTN_LOCAL, Scope: netlink.SCOPE_HOST, Table: unix.RT_TABLE_LOCAL,
		}))
		r, err := socket.Lookup(w.target(), socket.RouteOptions{Source: source})
		w.must(err)
		_, stop, err := socket.Watch(w.Context(), r)
		w.must(err)
		w.must(stop())
	})
}

// An IPv6 address that turns out to be another host's is as good as lost.
func TestWatchDuplicateAddress(t *testing.T) {
	isolate(t)
	w := world{t, true}
	r := w.threeEths()
	r.Source = w.host(0, 7)
	w.twin(w.otherSpace(), r.Source)
	w.must(netlink.AddrAdd(w.link("eth0"), &netlink.Addr{IPNet: network(r.Source, 64)}))
	w.await("the kernel to find the twin", func() bool { return w.flags(r.Source)&unix.IFA_F_DADFAILED != 0 })
	_, _, err := socket.Watch(w.Context(), r)
	w.check(err, unix.EADDRNOTAVAIL, "lost the address")
}

// twin moves the other end of eth0's cable to a namespace and gives it an address.
func (w world) twin(space netns.NsHandle, a netip.Addr) {
	w.Helper()
	w.must(netlink.LinkSetNsFd(w.link("eth0p"), int(space)))
	home, err := netns.Get()
	w.must(err)
	defer home.Close()
	w.must(netns.Set(space))
	w.must(netlink.LinkSetUp(w.link("eth0p")))
	w.address(w.link("eth0p"), a)
	w.must(netns.Set(home))
	w.running("eth0")
}

// flags returns those of an address of eth0.
func (w world) flags(a netip.Addr) int {
	w.Helper()
	all, err := netlink.AddrList(w.link("eth0"), w.family())
	w.must(err)
	for _, has := range all {
		if has.IP.Equal(a.AsSlice()) {
			return has.Flags
		}
	}
	w.Fatalf("eth0 does not have %v", a)
	return 0
}
