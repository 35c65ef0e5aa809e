package socket_test

import (
	"slices"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// uppers are the kinds of interfaces on top of another one.
var uppers = map[string]func(a netlink.LinkAttrs, id int) netlink.Link{
	"vlan": func(a netlink.LinkAttrs, id int) netlink.Link { return &netlink.Vlan{LinkAttrs: a, VlanId: id} },
	"macvlan": func(a netlink.LinkAttrs, _ int) netlink.Link {
		return &netlink.Macvlan{LinkAttrs: a, Mode: netlink.MACVLAN_MODE_BRIDGE}
	},
}

var stackTests = []struct {
	name string
	set  func(w world, kind string)
	want []string
}{
	{"on top of the route's", func(w world, kind string) {
		w.via("eth0", 0, 0, 100, 0)
		w.upper(kind, "top", "eth0", 9)
		w.via("top", 9, 0, 500, 0)
	}, nil},
	{"below the route's, and beside", func(w world, kind string) {
		w.upper(kind, "top", "eth0", 8)
		w.upper(kind, "side", "eth0", 9)
		w.via("top", 8, 0, 100, 0)
		w.via("side", 9, 0, 500, 0)
		w.via("eth0", 0, 0, 600, 0)
	}, []string{"side"}},
	{"on top of another", func(w world, kind string) {
		w.via("eth0", 0, 0, 100, 0)
		w.upper(kind, "top", "eth1", 9)
		w.via("top", 9, 0, 400, 0)
		w.via("eth1", 1, 0, 500, 0)
	}, []string{"eth1"}},
}

func (w world) upper(kind, name, below string, n int) {
	w.Helper()
	w.up(w.add(uppers[kind](netlink.LinkAttrs{Name: name, ParentIndex: w.index(below)}, n)), n)
}

// What is seen at one interface is not looked for at another one too.
func TestUplinksStacked(t *testing.T) {
	for kind := range uppers {
		for _, tt := range stackTests {
			t.Run(kind+" "+tt.name, func(t *testing.T) {
				worlds(t, func(w world) {
					w.eth(0)
					w.eth(1)
					tt.set(w, kind)
					w.checkUplinks(tt.want)
				})
			})
		}
	}
}

func (w world) checkUplinks(want []string) {
	w.Helper()
	route, got, leftOut := w.uplinks(w.target(), socket.RouteOptions{})
	if !slices.Equal(got, want) || leftOut != 0 {
		w.Errorf("beside %s: %v, and %d left out; want %v", route, got, leftOut, want)
	}
}

var masters = map[string]netlink.Link{
	"bridge": &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "master"}},
	"bond":   netlink.NewLinkBond(netlink.LinkAttrs{Name: "master"}),
}

// A bridge and a bond are where the answers of their ports are looked for, even
// if a port has kept routes of its own.
func TestUplinksOfPorts(t *testing.T) {
	for kind, master := range masters {
		t.Run(kind, func(t *testing.T) {
			worlds(t, func(w world) {
				w.eth(0)
				w.via("eth0", 0, 0, 100, 0)
				port, master := w.cable(1), w.add(master)
				w.must(netlink.LinkSetMaster(port, master))
				w.up(port, 1)
				w.up(master, 9)
				w.via("eth1", 1, 0, 500, 0)
				w.via("master", 9, 0, 600, 0)
				w.checkUplinks([]string{"master"})
				w.must(netlink.RouteDel(&netlink.Route{LinkIndex: w.index("eth0"), Dst: w.prefix(0, 0), Priority: 100}))
				w.must(netlink.RouteDel(&netlink.Route{LinkIndex: w.index("eth1"), Dst: w.prefix(0, 0), Priority: 500}))
				w.via("eth1", 1, w.bits(16, 48), 0, 0) // to the target, by the port
				w.checkUplinks(nil)
			})
		})
	}
}
