package doctor

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// Leftover is what killed runs left on an interface.
type Leftover struct {
	Device string
	// Names are those of the filters to remove.
	Names []string
	// Filters are all that are on the interface.
	Filters []Filter
}

// lookLeftovers looks at all interfaces: a killed run may have been on any.
func lookLeftovers(host) (all []Leftover, err error) {
	qdiscs, err := netlink.QdiscList(nil)
	if err != nil {
		return nil, err
	}
	for _, q := range qdiscs {
		if q.Attrs().Parent != netlink.HANDLE_CLSACT {
			continue
		}
		l, failed := leftover(q.Attrs().LinkIndex)
		if err = errors.Join(err, failed); len(l.Names) > 0 {
			all = append(all, l)
		}
	}
	return all, err
}

func leftover(index int) (l Leftover, err error) {
	l.Names, err = clsact.Leftovers(index)
	if errors.Is(err, unix.ENODEV) {
		return l, nil // gone meanwhile, and all that was on it
	}
	if err != nil || len(l.Names) == 0 {
		return l, err
	}
	device, err := net.InterfaceByIndex(index)
	if err != nil {
		return Leftover{}, nil
	}
	l.Device = device.Name
	l.Filters, err = filtersOf(index)
	return l, err
}

func judgeLeftovers(f *Facts) Result {
	all, err := f.Leftovers.Get()
	switch {
	case err != nil:
		return unseen(err)
	case len(all) == 0:
		return Result{Status: OK, Found: "none on any interface"}
	}
	r := Result{Status: Degraded, Cost: "each packet passes them for nothing",
		Note: "the next trace that attaches there by clsact removes them too"}
	var found, commands []string
	for _, l := range all {
		found = append(found, fmt.Sprintf("on %s: %s", l.Device, strings.Join(l.Names, ", ")))
		commands = append(commands, f.sweep(l))
	}
	r.Found, r.Mend = "of a killed run "+strings.Join(found, "; "), strings.Join(commands, " && ")
	return r
}

// sweep returns the commands that remove a leftover: the discipline if nobody else
// uses it, else filter by filter.
func (f *Facts) sweep(l Leftover) string {
	marked := slices.ContainsFunc(l.Names, func(n string) bool { return strings.HasSuffix(n, ":qdisc") })
	if marked && !slices.ContainsFunc(l.Filters, func(x Filter) bool { return !x.own() }) {
		return f.sudo(fmt.Sprintf("tc qdisc del dev %s clsact", quote(l.Device)))
	}
	var commands []string
	for _, x := range l.Filters {
		if slices.Contains(l.Names, x.Name) {
			commands = append(commands, f.sudo(fmt.Sprintf("tc filter del dev %s %s protocol all chain %d pref %d handle %#x bpf",
				quote(l.Device), x.Hook, x.Chain, x.Preference, x.Handle)))
		}
	}
	return strings.Join(commands, " && ")
}
