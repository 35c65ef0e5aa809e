package lab

import (
	"fmt"
	"slices"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// branch returns the names of the routers of a branch, counted from 0.
func (o DiamondOptions) branch(i int) []string {
	names := []string{fmt.Sprintf("b%d", i+1)}
	for n := 2; n <= o.Branches[i]; n++ {
		names = append(names, fmt.Sprintf("b%d-%d", i+1, n))
	}
	return names
}

func (d *diamond) addNodes() error {
	names := []string{Client, gateway, fork}
	for i := range d.options.Branches {
		names = append(names, d.options.branch(i)...)
	}
	for _, name := range append(names, join, Target) {
		if err := d.addNode(name); err != nil {
			return err
		}
	}
	return nil
}

func (d *diamond) addNode(name string) error {
	if err := d.lab.addSpace(name, d.settings(name)); err != nil {
		return err
	}
	if err := d.open(d.lab.spaces[name]); err != nil {
		return fmt.Errorf("lab: bring up %s: %w", name, err)
	}
	d.number[name] = len(d.nodes)
	d.nodes = append(d.nodes, Node{Name: name})
	return nil
}

func (d *diamond) settings(name string) []sysctl {
	switch name {
	case Client, Target:
		return hostSettings
	case fork:
		policy := string(d.options.Hash)
		return slices.Concat(routerSettings, []sysctl{
			{path: "ipv4/fib_multipath_hash_policy", value: policy},
			{path: "ipv6/fib_multipath_hash_policy", value: policy},
		})
	case join:
		return slices.Concat(routerSettings, []sysctl{{path: "ipv4/icmp_errors_use_inbound_ifaddr", value: "0"}})
	}
	return routerSettings
}

func (d *diamond) at(name string) (*netlink.Handle, netns.NsHandle) {
	return d.handles[d.number[name]], d.spaces[d.number[name]]
}
