package socket_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// departure is a packet as it left.
type departure struct {
	iface   int
	gateway byte // the last byte of the address on the link
	source  netip.Addr
}

// tap sees what leaves the namespace by whatever interface.
type tap int

func (w world) tap() tap {
	w.Helper()
	const all = unix.ETH_P_ALL<<8 | unix.ETH_P_ALL>>8 // in network byte order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, all&0xffff)
	w.must(err)
	w.Cleanup(func() { unix.Close(fd) })
	w.must(unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: int64(patience.Seconds())}))
	return tap(fd)
}

// next waits for the next packet to a target.
func (p tap) next(target netip.Addr) (departure, error) {
	frame := make([]byte, 2000)
	for {
		n, from, err := unix.Recvfrom(int(p), frame, 0)
		if err != nil {
			return departure{}, fmt.Errorf("nothing left for %v: %w", target, err)
		}
		link := from.(*unix.SockaddrLinklayer)
		source, to := addresses(frame[:n])
		if link.Pkttype == unix.PACKET_OUTGOING && to == target {
			return departure{link.Ifindex, frame[5], source}, nil
		}
	}
}

func addresses(frame []byte) (source, target netip.Addr) {
	switch ip := frame[14:]; binary.BigEndian.Uint16(frame[12:]) {
	case unix.ETH_P_IP:
		return netip.AddrFrom4([4]byte(ip[12:16])), netip.AddrFrom4([4]byte(ip[16:20]))
	case unix.ETH_P_IPV6:
		return netip.AddrFrom16([16]byte(ip[8:24])), netip.AddrFrom16([16]byte(ip[24:40]))
	}
	return source, target
}

// neighbour makes known the gateway of network n, so that nobody has to be asked.
func (w world) neighbour(name string, n int) {
	w.Helper()
	w.must(netlink.NeighSet(&netlink.Neigh{
		LinkIndex: w.index(name), IP: w.gateway(n).AsSlice(), State: netlink.NUD_PERMANENT,
		HardwareAddr: net.HardwareAddr{2, 0, 0, 0, 0, byte(n)},
	}))
}

// leaves sends a probe as a trace does, and tells how it left.
func (w world) leaves(p tap, r socket.Route, protocol probe.Protocol, target netip.Addr) departure {
	w.Helper()
	others, _, err := socket.Uplinks(target, r)
	w.must(err)
	raw, err := socket.Open(socket.Options{
		IPv6: w.v6, Interface: r.Device(others), Index: r.Index, Source: r.Source,
	})
	w.must(err)
	defer raw.Close()
	packet, err := protocol.Marshal(probe.Flow{
		Source: r.Source, Target: target, SourcePort: 40000, TargetPort: 33434, FlowLabel: 77, Secret: 7,
	}, 3, 0x1234)
	w.must(err)
	_, err = raw.Send(packet)
	w.must(err)
	left, err := p.next(target)
	w.must(err)
	return left
}

// Where routes have several next hops, probes leave by the interface that Lookup
// says, whatever it is that the kernel spreads packets by.
func TestProbesLeaveByTheRoute(t *testing.T) {
	worlds(t, func(w world) {
		for n := range 2 {
			w.eth(n)
			w.neighbour(fmt.Sprintf("eth%d", n), n)
		}
		w.spread(0, 1)
		p := w.tap()
		for _, policy := range []string{"0", "1"} {
			for _, family := range []string{"ipv4", "ipv6"} {
				w.must(os.WriteFile("/proc/sys/net/"+family+"/fib_multipath_hash_policy", []byte(policy), 0))
			}
			for _, protocol := range probe.Protocols {
				w.spreadProbes(p, policy, protocol)
			}
		}
	})
}

func (w world) spreadProbes(p tap, policy string, protocol probe.Protocol) {
	w.Helper()
	used := map[string]int{}
	for i := range 32 {
		target := w.host(200, 1+i)
		r, err := socket.Lookup(target, socket.RouteOptions{})
		w.must(err)
		used[r.Interface]++
		gateway := r.Interface[len("eth")] - '0'
		if got, want := w.leaves(p, r, protocol, target), (departure{r.Index, gateway, r.Source}); got != want {
			w.Errorf("policy %s, %s to %v: left as %v, want %v", policy, protocol.Name(), target, got, want)
		}
	}
	if len(used) != 2 {
		w.Errorf("policy %s: routes %v; want both interfaces used, else this shows nothing", policy, used)
	}
}

// A rule that chooses a routing table by the source address chooses it for
// probes too, whether the address was asked for or comes with the interface.
func TestProbesObeyRules(t *testing.T) {
	worlds(t, func(w world) {
		for n := range 2 {
			w.eth(n)
			w.neighbour(fmt.Sprintf("eth%d", n), n)
		}
		w.via("eth0", 0, 0, 100, 0)
		w.via("eth1", 1, 0, 0, 1234)
		rule := netlink.NewRule()
		rule.Family, rule.Src, rule.Table = w.family(), network(w.source(1), w.source(1).BitLen()), 1234
		w.must(netlink.RuleAdd(rule))
		asked := []socket.RouteOptions{{Source: w.source(1)}, {Source: w.source(1), Interface: "eth1"}}
		if !w.v6 { // which has no route by an interface whose routes are not looked at
			asked = append(asked, socket.RouteOptions{Interface: "eth1"})
		}
		for _, o := range asked {
			r, err := socket.Lookup(w.target(), o)
			w.must(err)
			want := departure{w.index("eth1"), 1, w.source(1)}
			if got := w.leaves(w.tap(), r, probe.UDP{}, w.target()); got != want || r.Index != want.iface {
				w.Errorf("%+v: route by %s, left as %v; want %v", o, r.Interface, got, want)
			}
		}
	})
}
