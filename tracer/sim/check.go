package sim

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// check reports what makes the scenario one that cannot be run.
func (s *Scenario) check() error {
	byName := make(map[string]*Node, len(s.Nodes))
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if n.Name == "" {
			return fmt.Errorf("node number %d has no name", i+1)
		}
		if byName[n.Name] != nil {
			return fmt.Errorf("two nodes are named %q", n.Name)
		}
		byName[n.Name] = n
		if err := n.check(); err != nil {
			return fmt.Errorf("node %q: %w", n.Name, err)
		}
	}
	if err := s.checkNames(byName); err != nil {
		return err
	}
	return s.checkAddresses()
}

func (n *Node) check() error {
	return errors.Join(
		families(n.V4, n.V6),
		oneOf("balance", n.Balance, balancers),
		oneOf("quote", n.Quote, quoters),
		oneOf("udp", n.UDP, udpServices),
		oneOf("tcp", n.TCP, tcpServices),
		oneOf("unreachable", n.Unreachable, unreachables),
		probability("loss", n.Loss),
		probability("answer_loss", n.AnswerLoss),
		n.checkNumbers(),
		n.checkTables(),
		n.Rewriting.check(),
		checkObjects(n.Objects),
	)
}

func (n *Node) checkNumbers() error {
	switch {
	case n.Duplicate < 0 || n.Duplicate > 100:
		return fmt.Errorf("duplicate: %d is not from 0 to 100", n.Duplicate)
	case n.MTU != 0 && (n.MTU < 68 || n.MTU > 65535):
		return fmt.Errorf("mtu: %d is not from 68 to 65535 (RFC 791)", n.MTU)
	case n.MTU == 0 && (n.MTUSilent || n.MTUClaim != nil):
		return fmt.Errorf("mtu_silent and mtu_claim: need an mtu")
	case n.MTUClaim != nil && (*n.MTUClaim < 0 || *n.MTUClaim > 65535):
		return fmt.Errorf("mtu_claim: %d is not from 0 to 65535", *n.MTUClaim)
	case n.DSCP != nil && *n.DSCP > 63:
		return fmt.Errorf("dscp: %d has more than six bits", *n.DSCP)
	case len(n.MPLS) > 16:
		return fmt.Errorf("mpls: %d labels are more than the 16 that fit", len(n.MPLS))
	}
	for _, l := range n.MPLS {
		if l.Label>>20 != 0 || l.TC>>3 != 0 || l.TTL>>8 != 0 {
			return fmt.Errorf("mpls: label %+v has a field of more than 20, 3 and 8 bits", l)
		}
	}
	return nil
}

func (n *Node) checkTables() error {
	var errs []error
	if r := n.RateLimit; r != nil && (r.Rate < 0 || r.Burst < 1) {
		errs = append(errs, fmt.Errorf("rate_limit: needs a rate of 0 or more and a burst of 1 or more"))
	}
	if s := n.Spoof; s != nil {
		errs = append(errs, families(s.V4, s.V6))
	}
	if i := n.InterfaceInfo; i != nil {
		errs = append(errs, families(i.V4, i.V6), i.check())
	}
	if a := n.NextAfter; a != nil && (len(n.Next) == 0 || len(a.Next) == 0) {
		errs = append(errs, fmt.Errorf("next_after: needs a next both before and after"))
	}
	if n.NAT != nil {
		errs = append(errs, n.NAT.check())
	}
	return errors.Join(errs...)
}

// families reports an address that stands under the key of the other family.
func families(v4, v6 netip.Addr) error {
	if v4.IsValid() && !v4.Is4() {
		return fmt.Errorf("v4: %v is not an IPv4 address", v4)
	}
	if v6.IsValid() && (!v6.Is6() || v6.Is4In6() || v6.Zone() != "") {
		return fmt.Errorf("v6: %v is not an IPv6 address without zone", v6)
	}
	return nil
}

func probability(key string, p float64) error {
	if p >= 0 && p <= 1 {
		return nil
	}
	return fmt.Errorf("%s: %v is no probability from 0 to 1", key, p)
}

// oneOf reports a value that is none of the table's keys; "" is the default.
func oneOf[K ~string, V any](key string, value K, table map[K]V) error {
	if _, known := table[value]; known || value == "" {
		return nil
	}
	var names []string
	for _, k := range slices.Sorted(maps.Keys(table)) {
		if k != "" {
			names = append(names, string(k))
		}
	}
	return fmt.Errorf("%s: %q is none of %s", key, value, strings.Join(names, ", "))
}
