package clsact

import (
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Leftovers returns the names of the filters that killed runs left on an
// interface, as `tc filter show` prints them: one for each hook, and one for a
// discipline that nobody uses any more. Any next run removes them.
func Leftovers(index int) (names []string, err error) {
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	l, err := lock(index)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	found, err := list(h, index)
	dead := found.dead()
	for _, f := range dead {
		names = append(names, f.Name)
	}
	if found.mark != nil && len(dead) == len(found.own) {
		names = append(names, mark)
	}
	return names, err
}

// Sweep removes what killed runs left on an interface.
func Sweep(index int) error {
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer h.Close()
	l, err := lock(index)
	if err != nil {
		return err
	}
	defer l.Close()
	return sweep(h, index)
}

// dead returns the filters whose run is no more.
func (found *filters) dead() (dead []*netlink.BpfFilter) {
	for _, f := range found.own {
		if !alive(f.Name) {
			dead = append(dead, f)
		}
	}
	return dead
}

// sweep does so under the lock.
func sweep(h *netlink.Handle, index int) error {
	found, err := list(h, index)
	if err != nil {
		return err
	}
	for _, f := range found.dead() {
		if err := remove(h, f); err != nil {
			return err
		}
	}
	return tidy(h, index)
}

// tidy removes a discipline of ours that nobody uses; one that others have begun
// to use is left to them.
func tidy(h *netlink.Handle, index int) error {
	found, err := list(h, index)
	if err != nil || found.mark == nil || len(found.own) > 0 {
		return err
	}
	if found.foreign > 0 {
		return remove(h, found.mark)
	}
	q, err := discipline(h, index)
	if err != nil || q == nil {
		return err
	}
	return h.QdiscDel(q)
}
