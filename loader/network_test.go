package loader

import (
	"errors"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// network is two network namespaces joined by a veth pair. The test's thread is
// in the near one; the far one answers.
type network struct {
	near, far netns.NsHandle
	hooks     Hooks  // of its sessions; empty: the best
	index     int    // of the near end
	device    string // that raw sockets are bound to, if any
	v4        probe.Flow
}

var flows = map[bool]probe.Flow{
	false: {Source: netip.MustParseAddr("10.99.0.1"), Target: netip.MustParseAddr("10.99.0.2")},
	true:  {Source: netip.MustParseAddr("fd99::1"), Target: netip.MustParseAddr("fd99::2")},
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, for network namespaces and eBPF programs")
	}
	runtime.LockOSThread()
	home, err := netns.Get()
	must(t, err)
	n := new(network)
	t.Cleanup(func() { n.leave(t, home) })
	n.far, err = netns.New()
	must(t, err)
	n.near, err = netns.New()
	must(t, err)
	must(t, netlink.LinkAdd(&netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: "near"}, PeerName: "far", PeerNamespace: netlink.NsFd(n.far),
	}))
	joinEnds(t, n)
	return n
}

// leave gives the thread back as it was. The namespaces go with their handles.
func (n *network) leave(t *testing.T, home netns.NsHandle) {
	must(t, netns.Set(home))
	for _, ns := range []netns.NsHandle{n.near, n.far, home} {
		ns.Close()
	}
	runtime.UnlockOSThread()
}

func joinEnds(t *testing.T, n *network) {
	t.Helper()
	must(t, netns.Set(n.far))
	setUp(t, "far", flows[false].Target, flows[true].Target)
	unlimitICMP(t)
	must(t, netns.Set(n.near))
	n.v4 = flows[false]
	setUp(t, "lo")
	n.index = setUp(t, "near", flows[false].Source, flows[true].Source)
}

// unlimitICMP makes the host answer every probe, not one a second as by default.
func unlimitICMP(t *testing.T) {
	t.Helper()
	must(t, os.WriteFile("/proc/sys/net/ipv4/icmp_ratelimit", []byte("0"), 0))
	must(t, os.WriteFile("/proc/sys/net/ipv6/icmp/ratelimit", []byte("0"), 0))
	for _, name := range []string{"icmp_msgs_per_sec", "icmp_msgs_burst"} {
		err := os.WriteFile("/proc/sys/net/ipv4/"+name, []byte("1000000"), 0)
		if !errors.Is(err, os.ErrNotExist) { // see pace
			must(t, err)
		}
	}
}

// pace returns how long to wait after each packet that an ICMP error answers. Older
// kernels limit these for all network namespaces together, to a thousand a second
// and few at a time, and who tests has no business to change that.
func pace() time.Duration {
	if _, err := os.Stat("/proc/sys/net/ipv4/icmp_msgs_per_sec"); errors.Is(err, os.ErrNotExist) {
		return 3 * time.Millisecond
	}
	return 0
}

// setUp brings an interface up with the addresses, and returns its index.
func setUp(t *testing.T, name string, addrs ...netip.Addr) int {
	t.Helper()
	l, err := netlink.LinkByName(name)
	must(t, err)
	for _, a := range addrs {
		bits := map[bool]string{false: "/24", true: "/64"}[a.Is6()]
		addr, err := netlink.ParseAddr(a.String() + bits)
		must(t, err)
		addr.Flags = unix.IFA_F_NODAD
		must(t, netlink.AddrAdd(l, addr))
	}
	must(t, netlink.LinkSetUp(l))
	return l.Attrs().Index
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%+v", err)
	}
}
