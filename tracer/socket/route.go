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
	// Source is the address that the kernel would pick, or the one asked for.
	Source netip.Addr
}

// RouteOptions narrows the choice of a route. The zero value leaves it to the
// kernel's tables.
type RouteOptions struct {
	// Interface is the name of the device to leave by.
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
func Lookup(target netip.Addr, o RouteOptions) (Route, error) {
	query := &netlink.RouteGetOptions{}
	if o.Interface != "" {
		if _, err := netlink.LinkByName(o.Interface); err != nil {
			return Route{}, fmt.Errorf("unknown interface %q: use one that `ip link` lists", o.Interface)
		}
		query.Oif = o.Interface
	}
	if o.Source.IsValid() {
		if !local(o.Source) {
			return Route{}, fmt.Errorf("source %v is not an address of this host: use one that `ip address` lists", o.Source)
		}
		query.SrcAddr = o.Source.AsSlice()
	}
	found, err := netlink.RouteGetWithOptions(target.WithZone("").AsSlice(), query)
	if err != nil {
		return Route{}, &NoRouteError{target, err}
	}
	return resolve(target, found, o)
}

// local reports whether packets to an address end on this host.
func local(a netip.Addr) bool {
	found, err := netlink.RouteGet(a.AsSlice())
	return err == nil && len(found) > 0 && found[0].Type == unix.RTN_LOCAL
}

func resolve(target netip.Addr, found []netlink.Route, o RouteOptions) (Route, error) {
	if len(found) == 0 || found[0].Type == unix.RTN_UNREACHABLE || found[0].Type == unix.RTN_BLACKHOLE {
		return Route{}, &NoRouteError{target, unix.ENETUNREACH}
	}
	link, err := netlink.LinkByIndex(found[0].LinkIndex)
	if err != nil {
		return Route{}, fmt.Errorf("looking up the interface towards %v: %w", target, err)
	}
	attrs := link.Attrs()
	source := o.Source
	if !source.IsValid() {
		if source, err = sourceOf(found[0].Src); err != nil {
			return Route{}, fmt.Errorf("no source address for %v on %s: %w", target, attrs.Name, err)
		}
	}
	return Route{Interface: attrs.Name, Index: attrs.Index, MTU: attrs.MTU, Source: source}, nil
}

func sourceOf(ip net.IP) (netip.Addr, error) {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return netip.Addr{}, errors.New("the interface has no address of that family")
	}
	return addr.Unmap(), nil
}
