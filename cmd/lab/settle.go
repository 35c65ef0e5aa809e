package lab

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// settling is how long an address may take to become one. It is a few
// milliseconds: the kernel adds the route that makes an IPv6 address local from a
// work queue, also without duplicate address detection (kernel: addrconf_dad_work).
const settling = 5 * time.Second

// settle returns once every node takes what is sent to its addresses for its own.
func (c *chain) settle() error {
	for i, h := range c.handles {
		if err := awaitLocal(h, c.nodes[i].V6); err != nil {
			return fmt.Errorf("lab: %s: %w", c.nodes[i].Name, err)
		}
	}
	return nil
}

// awaitLocal returns once an address is one of the node's own.
func awaitLocal(h *netlink.Handle, addr netip.Addr) error {
	for deadline := time.Now().Add(settling); !isLocal(h, addr); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("%v is no address of its own after %v", addr, settling)
		}
	}
	return nil
}

func isLocal(h *netlink.Handle, addr netip.Addr) bool {
	found, err := h.RouteGet(addr.AsSlice())
	return err == nil && len(found) > 0 && found[0].Type == unix.RTN_LOCAL
}
