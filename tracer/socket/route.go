package socket

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Route is the way that the kernel would send a packet to a target.
type Route struct {
	// Interface is the device that the packet leaves by.
	Interface string
	Index     int
	// MTU is the device's, in bytes.
	MTU int
	// PathMTU is what the kernel takes the path's to be, from earlier messages or
	// from the route's own setting, in bytes; 0: nothing. Probes don't heed it.
	PathMTU int
	// Source is the address that the kernel would pick, or the one asked for.
	Source netip.Addr
	// VRF is the name of the VRF that the interface is in; empty: none.
	VRF string
	// pinned says that only packets bound to the interface take the route.
	pinned bool
}

// Device returns the interface to bind the sockets of probes to
// ([Options.Interface]), given the [Uplinks]; empty: need not be.
//
// With several uplinks it must be: where a route has several next hops, the
// kernel chooses one by a hash of what it knows of the packet, and that is not
// the same for a whole packet in a raw socket as for the question of [Lookup].
// Measured, without: more than half of the IPv6 traces left by another interface
// than Lookup's, and as many IPv4 ones with net.ipv4.fib_multipath_hash_policy 1.
func (r Route) Device(uplinks []Uplink) string {
	if r.pinned || len(uplinks) > 0 {
		return r.Interface
	}
	return ""
}

// Open opens the socket that probes leave by to take the route, given the [Uplinks].
func (r Route) Open(uplinks []Uplink) (*Raw, error) {
	return Open(Options{IPv6: r.Source.Is6(), Interface: r.Device(uplinks), Index: r.Index, Source: r.Source})
}

// RouteOptions narrows the choice of a route. The zero value leaves it to the
// kernel's tables.
type RouteOptions struct {
	// Interface is the name of the device to leave by, or of a VRF, whose
	// routes then choose the device.
	Interface string
	// Source is the address to send from; it has to be one of this host's.
	Source netip.Addr
}

// NoRouteError reports that the kernel has no way to a target.
type NoRouteError struct {
	Target netip.Addr
	Err    error // the kernel's answer
}

func (e *NoRouteError) Error() string {
	family := "IPv4"
	if e.Target.Is6() {
		family = "IPv6"
	}
	return fmt.Sprintf("no route to %v: %v; check this host's %s addresses and routes (ip route get %v)",
		e.Target, e.Err, family, e.Target)
}

func (e *NoRouteError) Unwrap() error { return e.Err }

// Lookup asks the kernel (RTM_GETROUTE) for the route to target in the calling
// thread's network namespace. A target without route is a [*NoRouteError].
//
// The interface is always the one that packets pass on their way out and in: not
// the VRF, but the device in it.
func Lookup(target netip.Addr, o RouteOptions) (Route, error) {
	query := &netlink.RouteGetOptions{Oif: o.Interface}
	vrf, err := vrfNamed(o.Interface)
	if err != nil {
		return Route{}, err
	}
	if o.Source.IsValid() {
		if !local(anyHandle, o.Source, vrf) {
			return Route{}, foreignSource(o.Source, vrf)
		}
		query.SrcAddr = o.Source.AsSlice()
	}
	found, err := netlink.RouteGetWithOptions(target.WithZone("").AsSlice(), query)
	if err != nil {
		return Route{}, &NoRouteError{target, err}
	}
	return resolve(target, found, o)
}

func resolve(target netip.Addr, found []netlink.Route, o RouteOptions) (Route, error) {
	if len(found) == 0 || found[0].Type == unix.RTN_UNREACHABLE || found[0].Type == unix.RTN_BLACKHOLE {
		return Route{}, &NoRouteError{target, unix.ENETUNREACH}
	}
	if found[0].Type == unix.RTN_BROADCAST {
		return Route{}, fmt.Errorf("%v is a broadcast address: give that of a host", target)
	}
	link, vrf, err := device(anyHandle, found[0])
	if err != nil {
		return Route{}, fmt.Errorf("looking up the interface towards %v: %w", target, err)
	}
	attrs := link.Attrs()
	if o.Interface == "" && leadsInto(link, found[0]) {
		return Lookup(target, RouteOptions{attrs.Name, o.Source})
	}
	source := o.Source
	if !source.IsValid() {
		if source, err = sourceOf(found[0].Src); err != nil {
			return Route{}, fmt.Errorf("no source address for %v on %s: %w", target, attrs.Name, err)
		}
	}
	return Route{
		Interface: attrs.Name, Index: attrs.Index, MTU: attrs.MTU, PathMTU: found[0].MTU, Source: source, VRF: vrf,
		pinned: o.Interface != "" && attrs.RawFlags&unix.IFF_LOOPBACK == 0,
	}, nil
}

func sourceOf(ip net.IP) (netip.Addr, error) {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return netip.Addr{}, errors.New("the interface has no address of that family")
	}
	return addr.Unmap(), nil
}
