package socket_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// uplinks names the other uplinks of the route to a target.
func (w world) uplinks(target netip.Addr, o socket.RouteOptions) (route string, others []string, leftOut int) {
	w.Helper()
	r, err := socket.Lookup(target, o)
	w.must(err)
	found, leftOut, err := socket.Uplinks(target, r)
	w.must(err)
	for _, u := range found {
		others = append(others, u.Name)
		if u.Index != w.index(u.Name) {
			w.Errorf("%s has index %d, want %d", u.Name, u.Index, w.index(u.Name))
		}
	}
	return r.Interface, others, leftOut
}

var uplinkTests = []struct {
	name string
	// eths is how many interfaces there are; eth0 has the default route.
	eths int
	set  func(w world)
	want []string
}{
	{"nothing but networks next door", 3, func(world) {}, nil},
	{"a worse default route", 3, func(w world) { w.via("eth2", 2, 0, 500, 0) }, []string{"eth2"}},
	{"a gateway to somewhere", 2, func(w world) { w.elsewhere("eth1", 1) }, []string{"eth1"}},
	{"a default route in another table", 2, func(w world) { w.via("eth1", 1, 0, 0, 1234) }, []string{"eth1"}},
	{"the target without a gateway", 3, func(w world) {
		w.must(netlink.RouteAdd(&netlink.Route{
			LinkIndex: w.index("eth1"), Dst: w.prefix(200, w.bits(24, 64)), Scope: netlink.SCOPE_LINK, Table: 1234,
		}))
		w.direct("eth2", 77)
	}, []string{"eth1"}},
	{"several next hops, default routes first", 5, func(w world) {
		w.elsewhere("eth1", 1)
		r := &netlink.Route{Dst: w.prefix(0, 0), Family: w.family(), Table: 1234}
		for _, n := range []int{4, 3} {
			r.MultiPath = append(r.MultiPath, &netlink.NexthopInfo{LinkIndex: w.index(fmt.Sprintf("eth%d", n)), Gw: w.gateway(n).AsSlice()})
		}
		w.must(netlink.RouteAdd(r))
	}, []string{"eth3", "eth4", "eth1"}},
	{"no way to anywhere", 2, func(w world) {
		w.must(netlink.RouteAdd(&netlink.Route{
			LinkIndex: w.index("eth1"), Dst: w.prefix(0, 0), Type: unix.RTN_LOCAL, Scope: netlink.SCOPE_HOST, Table: 1234,
		}))
	}, nil},
	{"the other family", 2, func(w world) { world{w.T, !w.v6}.otherFamily("eth1") }, nil},
	{"no carrier", 2, func(w world) {
		w.via("eth1", 1, 0, 500, 0)
		w.must(netlink.LinkSetDown(w.link("eth1p")))
		w.stopped("eth1")
	}, nil},
	{"a gateway of the other family", 2, func(w world) {
		if w.v6 {
			w.Skip("IPv6 goes by IPv6 gateways alone")
		}
		via := &netlink.Via{AddrFamily: unix.AF_INET6, Addr: netip.MustParseAddr("fe80::2").AsSlice()}
		w.must(netlink.RouteAdd(&netlink.Route{LinkIndex: w.index("eth1"), Dst: w.prefix(77, 24), Via: via}))
	}, []string{"eth1"}},
	{"the other end of the cable", 1, func(w world) {
		w.address(w.link("eth0p"), w.source(9))
		w.running("eth0p")
		w.via("eth0p", 9, 0, 500, 0)
	}, []string{"eth0p"}},
}

func TestUplinks(t *testing.T) {
	for _, tt := range uplinkTests {
		t.Run(tt.name, func(t *testing.T) {
			worlds(t, func(w world) {
				for n := range tt.eths {
					w.eth(n)
				}
				w.via("eth0", 0, 0, 100, 0)
				tt.set(w)
				w.checkUplinks(tt.want)
			})
		})
	}
}

// elsewhere adds a route to another place than the target's.
func (w world) elsewhere(name string, n int) {
	w.Helper()
	w.must(netlink.RouteAdd(&netlink.Route{
		LinkIndex: w.index(name), Dst: w.prefix(77, w.bits(24, 64)), Gw: w.gateway(n).AsSlice(),
	}))
}

// otherFamily adds a default route of a family that is not the test's.
func (w world) otherFamily(name string) {
	w.address(w.link(name), w.source(1))
	w.via(name, 1, 0, 0, 0)
}

// What ends on this host or on its link has but one way.
func TestUplinksOfTheNear(t *testing.T) {
	worlds(t, func(w world) {
		w.eth(0)
		w.eth(1)
		w.via("eth0", 0, 0, 100, 0)
		w.via("eth1", 1, 0, 500, 0)
		if route, got, _ := w.uplinks(w.source(1), socket.RouteOptions{}); route != "lo" || got != nil {
			w.Errorf("to this host by %s: %v, want lo and none", route, got)
		}
		if !w.v6 {
			return
		}
		near := netip.MustParseAddr("fe80::9%eth0")
		if route, got, _ := w.uplinks(near, socket.RouteOptions{Interface: "eth0"}); route != "eth0" || got != nil {
			w.Errorf("on the link by %s: %v, want eth0 and none", route, got)
		}
	})
}

func TestUplinksBound(t *testing.T) {
	worlds(t, func(w world) {
		const more = 3
		for n := range 1 + socket.MaxUplinks + more {
			w.eth(n)
			w.via(fmt.Sprintf("eth%d", n), n, 0, 100+n, 0)
		}
		_, got, leftOut := w.uplinks(w.target(), socket.RouteOptions{})
		if len(got) != socket.MaxUplinks || leftOut != more || got[0] != "eth1" {
			w.Errorf("%v, and %d left out; want %d from eth1 on, and %d", got, leftOut, socket.MaxUplinks, more)
		}
	})
}
