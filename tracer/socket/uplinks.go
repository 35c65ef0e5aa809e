package socket

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
)

// Uplink is an interface that answers may come in by.
type Uplink struct {
	Name  string
	Index int
}

// Indices returns the indices of uplinks.
func Indices(uplinks []Uplink) (all []int) {
	for _, u := range uplinks {
		all = append(all, u.Index)
	}
	return all
}

// MaxUplinks bounds what [Uplinks] returns: something is going to be attached to
// each of them.
const MaxUplinks = 16

// Uplinks returns the interfaces besides the route's by which an answer to a
// probe may come in, where the way back differs from the way there: those that
// are up, belong to the same VRF, and hold, in whatever routing table,
//
//  1. a default route, or another route by way of a gateway, or
//  2. a route to the target, as tunnels without gateways do,
//
// of the target's family. Those with a default route come first. No more than
// [MaxUplinks] are returned; leftOut is how many others there are. On most hosts,
// and in nearly all containers, there is no other.
//
// An answer to a probe to this host itself, or to its link (RFC 4291, 2.5.6), has
// but one way, and one that can be seen at the route's interface need not be seen
// elsewhere as well; see [links.sees].
//
// It looks at the calling thread's network namespace. To read the routing tables
// takes time where they are large (measured: a quarter of a second for 100,000
// routes); they are not read if there is no interface to look for.
func Uplinks(target netip.Addr, r Route) (found []Uplink, leftOut int, err error) {
	links, err := listLinks()
	if err != nil {
		return nil, 0, err
	}
	own, ok := links[r.Index]
	if !ok {
		return nil, 0, fmt.Errorf("looking for other uplinks than %s: the interface is gone", r.Interface)
	}
	if target.IsLinkLocalUnicast() || isLoop(own) {
		return nil, 0, nil
	}
	candidates := links.candidates(own)
	if len(candidates) == 0 {
		return nil, 0, nil
	}
	ranks, err := rankByRoutes(target)
	if err != nil {
		return nil, 0, err
	}
	found = links.choose(own, byRank(candidates, ranks))
	leftOut = max(0, len(found)-MaxUplinks)
	return found[:len(found)-leftOut], leftOut, nil
}

// byRank returns the candidates that hold routes, the likeliest first.
func byRank(candidates []netlink.Link, ranks map[int]rank) []netlink.Link {
	rankOf := func(l netlink.Link) rank { return ranks[l.Attrs().Index] }
	candidates = slices.DeleteFunc(candidates, func(l netlink.Link) bool { return rankOf(l) == noRoute })
	slices.SortFunc(candidates, func(a, b netlink.Link) int {
		return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), cmp.Compare(a.Attrs().Index, b.Attrs().Index))
	})
	return candidates
}

// choose leaves out the candidates that see what another one or the route's own
// interface sees: an answer that is seen twice would count as two.
func (ls links) choose(own netlink.Link, candidates []netlink.Link) (found []Uplink) {
	candidates = slices.DeleteFunc(candidates, func(c netlink.Link) bool { return ls.sees(c, own) })
	for _, c := range candidates {
		above := func(other netlink.Link) bool { return other != c && ls.sees(other, c) }
		if !ls.sees(own, c) && !slices.ContainsFunc(candidates, above) {
			found = append(found, Uplink{c.Attrs().Name, c.Attrs().Index})
		}
	}
	return found
}
