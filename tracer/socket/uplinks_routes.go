package socket

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// rank says how likely answers are to come in by an interface; the least rank
// is the likeliest.
type rank int

const (
	noRoute      rank = iota // to or from anywhere that matters
	defaultRoute             // to all the world
	someRoute
)

// rankByRoutes reads all routing tables of the target's family, and ranks the
// interfaces by what these say, whatever rules lead to them.
func rankByRoutes(target netip.Addr) (map[int]rank, error) {
	everywhere := &netlink.Route{Table: unix.RT_TABLE_UNSPEC}
	for try := 1; ; try++ {
		ranks := map[int]rank{}
		err := netlink.RouteListFilteredIter(family(target), everywhere, netlink.RT_FILTER_TABLE,
			func(r netlink.Route) bool {
				rankRoute(ranks, r, target)
				return true
			})
		if err == nil || errors.Is(err, netlink.ErrDumpInterrupted) && try == dumpTries {
			return ranks, nil
		}
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return nil, fmt.Errorf("reading the routing tables: %w", err)
		}
	}
}

// rankRoute enters what a route says of the interfaces of its next hops.
func rankRoute(ranks map[int]rank, r netlink.Route, target netip.Addr) {
	if r.Type != unix.RTN_UNICAST {
		return
	}
	hops := r.MultiPath
	if len(hops) == 0 {
		hops = []*netlink.NexthopInfo{{LinkIndex: r.LinkIndex, Gw: r.Gw, Via: r.Via}}
	}
	bits, covers := destination(r.Dst, target)
	for _, hop := range hops {
		known := ranks[hop.LinkIndex]
		switch {
		case bits == 0:
			ranks[hop.LinkIndex] = defaultRoute
		case known == noRoute && (hop.Gw != nil || hop.Via != nil || covers):
			ranks[hop.LinkIndex] = someRoute
		}
	}
}

// destination returns the length of a route's prefix and whether the target is
// in it. No prefix is all the world.
func destination(prefix *net.IPNet, target netip.Addr) (bits int, covers bool) {
	if prefix == nil {
		return 0, true
	}
	bits, _ = prefix.Mask.Size()
	return bits, prefix.Contains(target.WithZone("").AsSlice())
}
