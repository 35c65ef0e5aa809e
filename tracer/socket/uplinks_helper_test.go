package socket_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// world is a network namespace of the test's own, for one family. Interface n is
// called eth<n> and has the first address of network n, its gateway the second.
type world struct {
	*testing.T
	v6 bool
}

// worlds runs a test for both families, each in a namespace of its own.
func worlds(t *testing.T, test func(w world)) {
	for _, v6 := range []bool{false, true} {
		t.Run(fmt.Sprintf("v6=%v", v6), func(t *testing.T) {
			isolate(t)
			test(world{t, v6})
		})
	}
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) family() int {
	if w.v6 {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

// host returns an address of network n.
func (w world) host(n, i int) netip.Addr {
	if w.v6 {
		return netip.MustParseAddr(fmt.Sprintf("2001:db8:%d::%x", n, i))
	}
	return netip.AddrFrom4([4]byte{198, 18, byte(n), byte(i)})
}

func (w world) source(n int) netip.Addr  { return w.host(n, 1) }
func (w world) gateway(n int) netip.Addr { return w.host(n, 2) }

// target is far away.
func (w world) target() netip.Addr { return w.host(200, 9) }

func network(a netip.Addr, bits int) *net.IPNet {
	return &net.IPNet{IP: a.AsSlice(), Mask: net.CIDRMask(bits, a.BitLen())}
}

func (w world) bits(v4, v6 int) int {
	if w.v6 {
		return v6
	}
	return v4
}

// via adds a route by way of the gateway of network n; bits 0: to all the world.
func (w world) via(name string, n, bits, metric, table int) {
	w.Helper()
	w.must(netlink.RouteAdd(&netlink.Route{
		LinkIndex: w.index(name), Dst: w.prefix(200, bits), Gw: w.gateway(n).AsSlice(), Priority: metric, Table: table,
	}))
}

// direct adds a route without a gateway to network n.
func (w world) direct(name string, n int) {
	w.Helper()
	w.must(netlink.RouteAdd(&netlink.Route{
		LinkIndex: w.index(name), Dst: w.prefix(n, w.bits(24, 64)), Scope: netlink.SCOPE_LINK,
	}))
}

// prefix returns the prefix of network n; bits 0: all the world.
func (w world) prefix(n, bits int) *net.IPNet {
	ip := network(w.host(n, 0), bits)
	return &net.IPNet{IP: ip.IP.Mask(ip.Mask), Mask: ip.Mask}
}

// spread adds a default route with a next hop by each interface.
func (w world) spread(interfaces ...int) {
	w.Helper()
	r := &netlink.Route{Dst: w.prefix(0, 0), Family: w.family()}
	for _, n := range interfaces {
		r.MultiPath = append(r.MultiPath, &netlink.NexthopInfo{
			LinkIndex: w.index(fmt.Sprintf("eth%d", n)), Gw: w.gateway(n).AsSlice(),
		})
	}
	w.must(netlink.RouteAdd(r))
}
