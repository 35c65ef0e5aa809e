package sim

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// checkNames reports a name that no node has.
func (s *Scenario) checkNames(byName map[string]*Node) error {
	names := map[string][]string{"entry": {s.Entry}, "target": {s.Target}}
	for _, n := range s.Nodes {
		names["next of "+n.Name] = n.Next
		if n.NextAfter != nil {
			names["next_after of "+n.Name] = n.NextAfter.Next
		}
	}
	for i, h := range s.Truth.Hops {
		names[fmt.Sprintf("truth of hop %d", i+1)] = h.Nodes
	}
	s.Truth.boxNames(names)
	for i, l := range s.Truth.Links {
		names[fmt.Sprintf("truth of link %d", i+1)] = l[:]
	}
	for _, where := range slices.Sorted(maps.Keys(names)) {
		for _, name := range names[where] {
			if byName[name] == nil {
				return fmt.Errorf("%s: there is no node %q", where, name)
			}
		}
	}
	return nil
}

// checkAddresses reports an address that two nodes have: routing to it would
// depend on their order.
func (s *Scenario) checkAddresses() error {
	owner := make(map[netip.Addr]string)
	for _, n := range s.Nodes {
		for _, a := range []netip.Addr{n.V4, n.V6} {
			if !a.IsValid() {
				continue
			}
			if other, taken := owner[a]; taken {
				return fmt.Errorf("nodes %q and %q both have address %v", other, n.Name, a)
			}
			owner[a] = n.Name
		}
	}
	return nil
}
