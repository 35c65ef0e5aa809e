package socket

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// watch is a watch over a route's interface. The kernel tells of changes in
// messages (rtnetlink(7)), but it is the state that is then read that counts: so
// messages that are lost, which the kernel tells as well, do no harm. All that
// can be missed in this way is an interface that was down for a moment.
type watch struct {
	route  Route
	events *nl.NetlinkSocket
	state  *netlink.Handle
	// carrier says that the interface has ever had one, held that it has ever
	// held the address: what was not there before is not lost.
	carrier, held bool
	lost          time.Time // since when there is no carrier; zero: there is
	fault         error     // ended the watch
}

// open opens the sockets, which stay in the namespace that they are opened in.
func (w *watch) open() (err error) {
	addresses := uint(unix.RTNLGRP_IPV4_IFADDR)
	if w.route.Source.Is6() {
		addresses = unix.RTNLGRP_IPV6_IFADDR
	}
	if w.events, err = nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, addresses); err != nil {
		return fmt.Errorf("subscribing to changes: %w", err)
	}
	if w.state, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
		w.events.Close()
		return fmt.Errorf("opening a netlink socket: %w", err)
	}
	return nil
}

func (w *watch) close() {
	w.events.Close()
	w.state.Close()
}

// carrierGrace is how long an interface may be without carrier. A switch port
// that is plugged over, or a bond that fails over, is back sooner; without, the
// trace would go on to the end as if all hops were silent. The kernel itself may
// take a second to tell (linkwatch_fire_event).
const carrierGrace = time.Second

// look reads the state, and returns what is wrong with it. Addresses are read
// first: those that go because the interface does go after it (kernel:
// __dev_notify_flags), so that it is then seen to be down.
func (w *watch) look() error {
	held, unheld := w.holdsSource()
	l, err := w.state.LinkByIndex(w.route.Index)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return w.failed(unix.ENODEV)
	}
	if err := cmp.Or(err, unheld); err != nil {
		return fmt.Errorf("looking at interface %s: %w", w.route.Interface, err)
	}
	flags := l.Attrs().RawFlags
	switch {
	case flags&unix.IFF_UP == 0:
		return w.failed(unix.ENETDOWN)
	case !held:
		return w.failed(unix.EADDRNOTAVAIL)
	case w.noCarrier(flags&unix.IFF_RUNNING != 0, time.Now()):
		return w.failed(unix.ENOLINK)
	}
	return nil
}

// holdsSource reports whether the source address is there: on an interface, any
// of them, or without one by a local route.
//
// Where it once was on an interface, the route is not asked. The kernel tells of
// an address that is removed before it removes its route (__inet_del_ifa,
// __ipv6_ifa_notify), and may be asked in between.
func (w *watch) holdsSource() (bool, error) {
	all, err := w.state.AddrList(nil, family(w.route.Source))
	for try := 1; errors.Is(err, netlink.ErrDumpInterrupted) && try < dumpTries; try++ {
		all, err = w.state.AddrList(nil, family(w.route.Source))
	}
	if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) {
		return false, fmt.Errorf("listing addresses: %w", err)
	}
	if slices.ContainsFunc(all, w.isSource) {
		w.held = true
		return true, nil
	}
	return !w.held && local(w.state, w.route.Source, w.route.VRF), nil
}

// isSource passes over an address that another host turned out to hold (RFC 4862,
// 5.4.5).
func (w *watch) isSource(a netlink.Addr) bool {
	return a.IP.Equal(w.route.Source.AsSlice()) && a.Flags&unix.IFA_F_DADFAILED == 0
}

// noCarrier reports whether the interface has lost its carrier for too long.
// One that never had it may be of a driver that says nothing about it.
func (w *watch) noCarrier(running bool, now time.Time) bool {
	w.carrier = w.carrier || running
	switch {
	case running || !w.carrier:
		w.lost = time.Time{}
	case w.lost.IsZero():
		w.lost = now
	}
	return !w.lost.IsZero() && now.Sub(w.lost) >= carrierGrace
}
