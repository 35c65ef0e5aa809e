package lab

import (
	"context"
	"fmt"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// MaxRouters is the largest number of routers in a chain. Each router knows a
// route to each link, so bringing up a chain takes quadratic time.
const MaxRouters = 100

// Options says what a chain looks like.
type Options struct {
	// Routers is the number of routers between client and target: 5 if 0.
	Routers int
}

// Chain brings up a client, routers and a target, one behind the other, that
// forward IPv4 and IPv6 both ways. ICMP errors are not rate-limited and come
// from the address that faces the client, so a trace reads r1, r2, ..., target.
// The lab runs until Close is called or ctx ends.
func Chain(ctx context.Context, opt Options) (*Lab, error) {
	if opt.Routers == 0 {
		opt.Routers = 5
	}
	if opt.Routers < 1 || opt.Routers > MaxRouters {
		return nil, fmt.Errorf("lab: %d routers are outside of 1 to %d", opt.Routers, MaxRouters)
	}
	return start(ctx, func(l *Lab) error { return l.bringUp(opt.Routers) })
}

// bringUp makes the namespaces, then the links, then the routes.
func (l *Lab) bringUp(routers int) error {
	l.nodes = chainNodes(routers)
	c := chain{nodes: l.nodes}
	defer c.close()
	for _, n := range l.nodes {
		settings := routerSettings
		if n.Name == Client || n.Name == Target {
			settings = hostSettings
		}
		if err := l.addSpace(n.Name, settings); err != nil {
			return err
		}
		if err := c.open(l.spaces[n.Name]); err != nil {
			return fmt.Errorf("lab: bring up %s: %w", n.Name, err)
		}
	}
	if err := c.build(); err != nil {
		return err
	}
	return c.settle()
}

// chain is a network under construction: handle and space i belong to node i,
// counted from the client.
type chain struct {
	nodes   []Node
	spaces  []netns.NsHandle
	handles []*netlink.Handle
}

// open gets hold of the next node and brings its loopback up.
func (c *chain) open(space netns.NsHandle) error {
	h, err := openHandle(space)
	if err != nil {
		return err
	}
	c.spaces = append(c.spaces, space)
	c.handles = append(c.handles, h)
	return nil
}

func (c *chain) close() {
	for _, h := range c.handles {
		h.Close()
	}
}

// openHandle returns a handle on the namespace, whose loopback it brings up.
func openHandle(space netns.NsHandle) (*netlink.Handle, error) {
	h, err := netlink.NewHandleAt(space, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("rtnetlink: %w", err)
	}
	if err := setUp(h, "lo"); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// setUp brings the interface of that name up.
func setUp(h *netlink.Handle, name string) error {
	link, err := h.LinkByName(name)
	if err != nil {
		return fmt.Errorf("interface %s: %w", name, err)
	}
	if err := h.LinkSetUp(link); err != nil {
		return fmt.Errorf("interface %s up: %w", name, err)
	}
	return nil
}
