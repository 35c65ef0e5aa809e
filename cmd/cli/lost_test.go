package cli_test

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// untilAnswered waits until ten packets more have come in by eth0.
const untilAnswered = `came() { awk '/eth0:/ {print $3}' /proc/net/dev; }; ` +
	`n=$(($(came) + 10)); for i in $(seq 100); do test $(came) -lt $n || break; sleep 0.1; done; `

// An interface that fails in mid-trace ends it, with one line that says what
// happened and with what was known by then.
func TestInterfaceLost(t *testing.T) {
	for name, tt := range map[string]struct{ do, want string }{
		"down":    {"ip link set eth0 down", "interface eth0 went down in mid-trace"},
		"address": {"ip address flush dev eth0", "interface eth0 lost the address 198.18.1.1"},
		"removed": {"ip link delete eth0", "interface eth0 was removed in mid-trace"},
	} {
		for _, timing := range []string{"auto", "socket"} {
			t.Run(name+" "+timing, func(t *testing.T) {
				l := chain(t, 1)
				// Five seconds of probes, most of which are not sent any more.
				trace := program(t) + " -4 -n --json --timing " + timing + " -f 2 -q 100 -z 50 target.lab & trace=$!; "
				got := within(t, l, "sh", "-c", trace+untilAnswered+tt.do+"; wait $trace")
				d := got.document(t)
				if got.status != 1 || !strings.HasPrefix(got.stderr, "ebpftrace: "+tt.want) || strings.Count(got.stderr, "\n") != 1 {
					t.Errorf("status %d, stderr %q, want 1 and %q", got.status, got.stderr, tt.want)
				}
				if d.StopReason != "failed" || !strings.HasPrefix(d.Error, tt.want) || len(d.Hops) == 0 || d.Hops[0].Probes[0].Status != "answered" {
					t.Errorf("stopped with %s (%s) and %d hops, want what was known", d.StopReason, d.Error, len(d.Hops))
				}
			})
		}
	}
}

// An answer that comes back by another interface is seen, and timed.
func TestOtherUplink(t *testing.T) {
	l := chain(t, 1)
	router := l.Nodes()[1].Name
	for _, rp := range []string{"all", "eth0"} {
		do(t, l, lab.Client, func() error {
			return os.WriteFile("/proc/sys/net/ipv4/conf/"+rp+"/rp_filter", []byte("0"), 0)
		})
	}
	// A second link to the router, by which it sends everything back.
	var space netns.NsHandle
	do(t, l, router, func() (err error) { space, err = netns.Get(); return err })
	defer space.Close()
	do(t, l, lab.Client, func() error {
		attrs := netlink.LinkAttrs{Name: "eth1"}
		veth := &netlink.Veth{LinkAttrs: attrs, PeerName: "back", PeerNamespace: netlink.NsFd(space)}
		return errors.Join(netlink.LinkAdd(veth), connect("eth1", "198.18.99.1/24", "0.0.0.0/0", "198.18.99.2"),
			os.WriteFile("/proc/sys/net/ipv4/conf/eth1/rp_filter", []byte("0"), 0))
	})
	do(t, l, router, func() error { return connect("back", "198.18.99.2/24", "198.18.1.1/32", "198.18.99.1") })
	for _, attach := range attachments(t) {
		got := within(t, l, "ebpftrace", "--json", "-n", "--attach", attach, l.Nodes()[2].V4.String())
		d := got.document(t)
		if got.status != 0 || len(d.Hops) != 2 || d.Interface != "eth0" || d.Timing != best(t) {
			t.Errorf("%s: status %d, %d hops by %s, timed by %s\n%s", attach, got.status, len(d.Hops), d.Interface, d.Timing, got.stderr)
		}
	}
}

// do does something in the network namespace of a node.
func do(t *testing.T, l *lab.Lab, node string, fn func() error) {
	t.Helper()
	if err := l.Do(node, fn); err != nil {
		t.Fatal(err)
	}
}

// connect brings a device up, with an address and a route of little weight.
func connect(device, address, to, via string) error {
	link, err := netlink.LinkByName(device)
	if err != nil {
		return err
	}
	addr, err := netlink.ParseAddr(address)
	if err != nil {
		return err
	}
	_, dst, err := net.ParseCIDR(to)
	if err != nil {
		return err
	}
	return errors.Join(netlink.LinkSetUp(link), netlink.AddrAdd(link, addr),
		netlink.RouteAdd(&netlink.Route{Dst: dst, Gw: net.ParseIP(via), Priority: 1000}))
}

// program returns the path of this program, for a shell.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}
