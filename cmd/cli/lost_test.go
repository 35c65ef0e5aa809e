package cli_test

import (
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
	target := l.Nodes()[2].V4.String()
	// A second link to the router, by which it sends everything back.
	setup := "ip link add eth1 type veth peer name back && ip link set eth1 up && ip address add 198.18.99.1/24 dev eth1 && " +
		"ip route add default via 198.18.99.2 metric 1000 && sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0"
	if got := within(t, l, "sh", "-c", setup); got.status != 0 {
		t.Fatal(got.stderr)
	}
	move(t, l, "back", l.Nodes()[1].Name)
	router := "ip link set back up && ip address add 198.18.99.2/24 dev back && ip route add 198.18.1.1/32 via 198.18.99.1"
	if got := at(t, l, l.Nodes()[1].Name, "sh", "-c", router); got.status != 0 {
		t.Fatal(got.stderr)
	}
	for _, attach := range attachments(t) {
		got := within(t, l, "ebpftrace", "--json", "-n", "--attach", attach, target)
		d := got.document(t)
		if got.status != 0 || len(d.Hops) != 2 || d.Interface != "eth0" || d.Timing != best(t) {
			t.Errorf("%s: status %d, %d hops by %s, timed by %s\n%s", attach, got.status, len(d.Hops), d.Interface, d.Timing, got.stderr)
		}
	}
}

// move moves a device of the client to another node.
func move(t *testing.T, l *lab.Lab, device, node string) {
	t.Helper()
	var space netns.NsHandle
	err := l.Do(node, func() (err error) { space, err = netns.Get(); return err })
	if err != nil {
		t.Fatal(err)
	}
	defer space.Close()
	err = l.Do(lab.Client, func() error {
		link, err := netlink.LinkByName(device)
		if err != nil {
			return err
		}
		return netlink.LinkSetNsFd(link, int(space))
	})
	if err != nil {
		t.Fatal(err)
	}
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
