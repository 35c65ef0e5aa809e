package socket_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// The routing tables of the VRFs.
const blue, red = 10, 20

// vrfs makes eth0, outside of VRFs; eth1 and eth2 in VRF blue, eth3 in VRF red.
// All but eth2 have default routes; behind eth2 is network 77.
func (w world) vrfs() {
	w.Helper()
	for n, table := range []int{0, blue, blue, red} {
		l := w.cable(n)
		if table != 0 {
			w.must(netlink.LinkSetMaster(l, w.vrf(table)))
		}
		name := l.Attrs().Name
		w.up(l, n)
		w.neighbour(name, n)
		if n != 2 {
			w.via(name, n, 0, 100, table)
		}
	}
	w.must(netlink.RouteAdd(&netlink.Route{
		LinkIndex: w.index("eth2"), Dst: w.prefix(77, w.bits(24, 64)), Gw: w.gateway(2).AsSlice(), Table: blue,
	}))
}

func (w world) vrf(table int) netlink.Link {
	w.Helper()
	name := map[int]string{blue: "blue", red: "red"}[table]
	if l, err := netlink.LinkByName(name); err == nil {
		return l
	}
	l := w.add(&netlink.Vrf{LinkAttrs: netlink.LinkAttrs{Name: name}, Table: uint32(table)})
	w.must(netlink.LinkSetUp(l))
	return l
}

// Whether the VRF is asked for or a device in it, the route's interface is the
// device that packets pass, and probes leave by it.
func TestVRFRoute(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		p := w.tap()
		for _, tt := range []struct {
			by     string
			target netip.Addr
			want   int // interface, and its gateway
			vrf    string
		}{
			{"", w.target(), 0, ""},
			{"eth0", w.target(), 0, ""},
			{"blue", w.target(), 1, "blue"},
			{"eth1", w.target(), 1, "blue"},
			{"red", w.target(), 3, "red"},
			{"eth3", w.target(), 3, "red"},
			{"blue", w.host(77, 9), 2, "blue"},
			{"eth2", w.host(77, 9), 2, "blue"},
		} {
			r, err := socket.Lookup(tt.target, socket.RouteOptions{Interface: tt.by})
			w.must(err)
			if r.Interface != fmt.Sprintf("eth%d", tt.want) || r.VRF != tt.vrf || r.Source != w.source(tt.want) {
				w.Errorf("by %q to %v: %+v, want eth%d in VRF %q", tt.by, tt.target, r, tt.want, tt.vrf)
			}
			for _, protocol := range probe.Protocols {
				want := departure{r.Index, byte(tt.want), w.source(tt.want)}
				if got := w.leaves(p, r, protocol, tt.target); got != want {
					w.Errorf("by %q to %v, %s: left as %v, want %v", tt.by, tt.target, protocol.Name(), got, want)
				}
			}
		}
	})
}

// A route outside that leads into a VRF is followed to the device in it.
func TestVRFRouteLeadsIn(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		w.direct("blue", 77)
		r, err := socket.Lookup(w.host(77, 9), socket.RouteOptions{})
		w.must(err)
		if r.Interface != "eth2" || r.VRF != "blue" || r.Source != w.source(2) {
			w.Errorf("%+v, want eth2 in VRF blue", r)
		}
	})
}

// A port is held on an address in a VRF, and against all others there.
func TestVRFReserve(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		for _, protocol := range []uint8{unix.IPPROTO_UDP, unix.IPPROTO_TCP} {
			held, err := socket.Reserve(protocol, w.source(1), 0, w.index("eth1"))
			w.must(err)
			if _, err := socket.Reserve(protocol, w.source(1), held.Number, w.index("eth1")); !errors.Is(err, unix.EADDRINUSE) {
				w.Errorf("protocol %d: reserved twice: %v, want EADDRINUSE", protocol, err)
			}
			w.must(held.Close())
		}
	})
}

// The loopback of a VRF is the VRF's device.
func TestVRFLocal(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		p := w.tap()
		for _, by := range []string{"blue", "eth1"} {
			r, err := socket.Lookup(w.source(1), socket.RouteOptions{Interface: by})
			w.must(err)
			if r.Interface != "blue" || r.VRF != "blue" {
				w.Errorf("by %s: %+v, want blue", by, r)
			}
			if got := w.leaves(p, r, probe.UDP{}, w.source(1)); got.iface != r.Index {
				w.Errorf("by %s: left as %v, want interface %d", by, got, r.Index)
			}
			if found, _, err := socket.Uplinks(w.source(1), r); err != nil || found != nil {
				w.Errorf("other uplinks: %v, %v; want none", found, err)
			}
		}
	})
}

func TestVRFSource(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		for _, tt := range []struct {
			by   string
			from int
			says string
		}{
			{"", 0, ""}, {"blue", 1, ""}, {"eth1", 1, ""}, {"blue", 2, ""},
			{"", 1, "if it is one in a VRF"}, {"blue", 0, "not an address in VRF blue"}, {"eth3", 1, "VRF red"},
		} {
			r, err := socket.Lookup(w.target(), socket.RouteOptions{Interface: tt.by, Source: w.source(tt.from)})
			if tt.says == "" && (err != nil || r.Source != w.source(tt.from)) {
				w.Errorf("by %q from %d: %+v, %v", tt.by, tt.from, r, err)
			}
			if tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
				w.Errorf("by %q from %d: %v, want it to say %q", tt.by, tt.from, err, tt.says)
			}
		}
	})
}

// No answer of ours comes in by another VRF.
func TestVRFUplinks(t *testing.T) {
	worlds(t, func(w world) {
		w.vrfs()
		for by, want := range map[string][]string{"": nil, "blue": {"eth2"}, "red": nil} {
			route, got, _ := w.uplinks(w.target(), socket.RouteOptions{Interface: by})
			if !slices.Equal(got, want) {
				w.Errorf("by %q, beside %s: %v, want %v", by, route, got, want)
			}
		}
	})
}
