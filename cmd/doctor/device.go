package doctor

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// Device is the interface that probes would leave by.
type Device struct {
	Name  string
	Index int
	// By says how it was chosen.
	By   string
	Kind string // link-layer type, such as ether
	Up   bool
	MTU  int
	// Qdisc is the queueing discipline where clsact would be; empty: none.
	Qdisc string
	// XDP is the program that packets meet first; nil: none.
	XDP *Program
	// Stamps says that the driver stamps what it sends; see ethtool(8) -T.
	Stamps bool
}

// inTheWay reports whether the discipline keeps clsact from being made.
func (d Device) inTheWay() bool { return d.Qdisc != "" && d.Qdisc != "clsact" }

// anybody are addresses of a root name server (k.root-servers.net), to ask the
// kernel for the way that most packets go. Nothing is sent there.
var anybody = []netip.Addr{netip.MustParseAddr("193.0.14.129"), netip.MustParseAddr("2001:7fd::1")}

// errNoDefault says that no interface was chosen.
var errNoDefault = errors.New("there is no default route: name a host, or an interface with -i")

func lookDevice(h host) (Device, error) {
	name, by, err := h.choose()
	if err != nil {
		return Device{}, err
	}
	link, err := netlink.LinkByName(name)
	if err != nil {
		return Device{}, fmt.Errorf("interface %s: %w", name, err)
	}
	a := link.Attrs()
	d := Device{Name: a.Name, Index: a.Index, By: by, Kind: a.EncapType, MTU: a.MTU}
	d.Up = a.RawFlags&unix.IFF_UP != 0
	if a.Xdp != nil && a.Xdp.Attached {
		d.XDP = &Program{ID: a.Xdp.ProgId, Name: programName(a.Xdp.ProgId)}
	}
	d.Stamps = driverStamps(a.Name)
	d.Qdisc, err = discipline(link)
	return d, err
}

// choose returns the interface to look at, and why that one.
func (h host) choose() (name, by string, err error) {
	switch {
	case h.Target.IsValid():
		route, err := socket.Lookup(h.Target, socket.RouteOptions{Interface: h.Interface})
		return route.Interface, "the route to " + h.Target.String(), err
	case h.Interface != "":
		return h.Interface, "-i", nil
	}
	for _, target := range anybody {
		if route, err := socket.Lookup(target, socket.RouteOptions{}); err == nil {
			return route.Interface, "the default route", nil
		}
	}
	return "", "", errNoDefault
}

// discipline returns the kind of the queueing discipline in clsact's place.
func discipline(link netlink.Link) (string, error) {
	all, err := netlink.QdiscList(link)
	for _, q := range all {
		if q.Attrs().LinkIndex == link.Attrs().Index && q.Attrs().Parent == netlink.HANDLE_CLSACT {
			return q.Type(), nil
		}
	}
	return "", err
}

// driverStamps asks the driver (ETHTOOL_GET_TS_INFO).
func driverStamps(name string) bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	info, err := unix.IoctlGetEthtoolTsInfo(fd, name)
	return err == nil && info.So_timestamping&unix.SOF_TIMESTAMPING_TX_SOFTWARE != 0
}

func judgeInterface(f *Facts) Result {
	d, err := f.Device.Get()
	switch {
	case errors.Is(err, errNoDefault):
		return Result{Status: Unknown, Found: err.Error(), Cost: "what is particular to one was not looked at"}
	case err != nil:
		return Result{Status: Missing, Found: err.Error(), Cost: "no trace"}
	}
	r := Result{Status: OK, Found: fmt.Sprintf("%s by %s: %s, MTU %d", d.Name, d.By, d.Kind, d.MTU)}
	if !d.Up {
		r.Status, r.Found, r.Cost = Missing, r.Found+", down", "no trace"
		r.Mend = f.sudo(fmt.Sprintf("ip link set dev %s up", quote(d.Name)))
	}
	return r
}

func judgeSocketStamps(f *Facts) Result {
	d, err := f.Device.Get()
	switch {
	case err != nil:
		return Result{Status: Unknown, Found: "no interface to look at"}
	case d.Stamps:
		return Result{Status: OK, Found: fmt.Sprintf("the driver of %s stamps what it sends", d.Name)}
	}
	return Result{Status: Degraded, Found: fmt.Sprintf("the driver of %s stamps nothing that it sends", d.Name),
		Cost: "without kernel timing, " + userCost}
}
