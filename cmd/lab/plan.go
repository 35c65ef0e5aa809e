package lab

import (
	"fmt"
	"net/netip"
)

// Link i, counted from 1, joins node i-1 to node i, the client being node 0.
// Its end nearer to the client has host number 1, the other one 2.
const (
	nearEnd = 1
	farEnd  = 2
)

// A family numbers the ends of links.
type family func(link int, end byte) netip.Prefix

// families are the address plans of a chain, both in ranges that are set aside
// for tests and documentation: RFC 2544 and RFC 3849.
var families = [...]family{planV4, planV6}

func planV4(link int, end byte) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, byte(link), end}), 24)
}

func planV6(link int, end byte) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, byte(link), 15: end}), 64)
}

// chainNodes returns the nodes of a chain with the addresses they answer from.
func chainNodes(routers int) []Node {
	nodes := []Node{{Client, planV4(1, nearEnd).Addr(), planV6(1, nearEnd).Addr()}}
	for i := 1; i <= routers+1; i++ {
		name := fmt.Sprintf("r%d", i)
		if i == routers+1 {
			name = Target
		}
		nodes = append(nodes, Node{name, planV4(i, farEnd).Addr(), planV6(i, farEnd).Addr()})
	}
	return nodes
}

// hop is a static route.
type hop struct {
	to  netip.Prefix
	via netip.Addr
}

// routes returns the routes of node i in a chain whose last node is number
// last. The ends send everything to their only neighbour. Routers know each
// link and nothing else, so that no unknown address loops between them.
func (f family) routes(i, last int) []hop {
	anywhere := netip.PrefixFrom(f(1, 0).Addr(), 0).Masked()
	switch i {
	case 0:
		return []hop{{anywhere, f(1, farEnd).Addr()}}
	case last:
		return []hop{{anywhere, f(last, nearEnd).Addr()}}
	}
	var hops []hop
	for link := 1; link <= last; link++ {
		switch {
		case link < i:
			hops = append(hops, hop{f(link, 0).Masked(), f(i, nearEnd).Addr()})
		case link > i+1:
			hops = append(hops, hop{f(link, 0).Masked(), f(i+1, farEnd).Addr()})
		}
	}
	return hops
}
