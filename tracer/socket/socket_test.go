package socket_test

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

var loopback4, loopback6 = netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")

// isolate moves the test to a network namespace of its own, in which only
// loopback is up. It never unlocks the thread, so that the runtime ends it and
// the namespace with it.
func isolate(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes a network namespace and opens raw sockets")
	}
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		t.Fatal(err)
	}
}

func TestLookup(t *testing.T) {
	isolate(t)
	for _, target := range []netip.Addr{loopback4, loopback6} {
		route, err := socket.Lookup(target, socket.RouteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if route.Interface != "lo" || route.Source != target || route.MTU == 0 || route.Index == 0 {
			t.Errorf("route to %v = %+v, want lo, from itself", target, route)
		}
	}
}

func TestLookupErrors(t *testing.T) {
	isolate(t)
	tests := []struct {
		name   string
		target string
		opts   socket.RouteOptions
		want   string
	}{
		{"no IPv4 route", "198.18.0.1", socket.RouteOptions{}, "no route to 198.18.0.1"},
		{"no IPv6 route", "2001:db8::1", socket.RouteOptions{}, "IPv6 addresses and routes"},
		{"no such interface", "127.0.0.1", socket.RouteOptions{Interface: "nope0"}, `unknown interface "nope0"`},
		{"a stranger's source", "127.0.0.1", socket.RouteOptions{Source: netip.MustParseAddr("198.18.0.9")}, "not an address of this host"},
	}
	for _, tt := range tests {
		_, err := socket.Lookup(netip.MustParseAddr(tt.target), tt.opts)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want it to say %q", tt.name, err, tt.want)
		}
		var none *socket.NoRouteError
		if strings.HasPrefix(tt.want, "no route") && !errors.As(err, &none) {
			t.Errorf("%s: error is %T, want a NoRouteError", tt.name, err)
		}
	}
}

func TestReserveHoldsPort(t *testing.T) {
	isolate(t)
	for _, protocol := range []uint8{unix.IPPROTO_UDP, unix.IPPROTO_TCP} {
		for _, source := range []netip.Addr{loopback4, loopback6} {
			held, err := socket.Reserve(protocol, source, 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := socket.Reserve(protocol, source, held.Number, 1); !errors.Is(err, unix.EADDRINUSE) {
				t.Errorf("protocol %d: reserving port %d twice gave %v, want EADDRINUSE", protocol, held.Number, err)
			}
			if err := held.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// Send has to put the very bytes on the wire, and stamp them before they leave.
func TestSend(t *testing.T) {
	isolate(t)
	for _, local := range []netip.Addr{loopback4, loopback6} {
		server, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0)))
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		flow := probe.Flow{
			Source: local, Target: local, SourcePort: 40000, Secret: 7,
			TargetPort: uint16(server.LocalAddr().(*net.UDPAddr).Port),
		}
		checkSend(t, server, flow)
	}
}

func checkSend(t *testing.T, server *net.UDPConn, flow probe.Flow) {
	t.Helper()
	raw, err := socket.Open(socket.Options{IPv6: flow.IPv6(), Interface: "lo", Index: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	packet, err := probe.UDP{}.Marshal(flow, 3, 0x1234)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := socket.Now()
	at, err := raw.Send(packet)
	after, _ := socket.Now()
	if err != nil || at < before || at > after {
		t.Fatalf("Send at %d, %v; want between %d and %d", at, err, before, after)
	}
	got := make([]byte, 2000)
	server.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, from, err := server.ReadFromUDPAddrPort(got)
	if err != nil {
		t.Fatalf("the probe did not arrive (its checksum may be wrong): %v", err)
	}
	if from.Port() != flow.SourcePort || string(got[:n]) != string(packet[len(packet)-n:]) {
		t.Errorf("arrived %x from %v, want the payload of %x", got[:n], from, packet)
	}
}

func TestSendRefuses(t *testing.T) {
	isolate(t)
	raw, err := socket.Open(socket.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Send([]byte{0x45, 0}); err == nil || !strings.Contains(err.Error(), "no IP header") {
		t.Errorf("a cut header gave %v, want a complaint", err)
	}
	cookie, err := raw.Cookie()
	if err != nil || cookie == 0 {
		t.Errorf("cookie %d, %v; want one", cookie, err)
	}
}
