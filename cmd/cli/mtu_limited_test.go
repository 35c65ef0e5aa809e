package cli_test

import (
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// asDelivered are the limits that Linux has for ICMP errors to one host by default:
// six at once, then one a second.
const asDelivered = "net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168 " +
	"net.ipv6.icmp.ratelimit=1000 net.ipv6.icmp.ratemask=0-1,3-127"

// A black hole among routers and a target that limit their answers is found all the
// same, if not as fast: what is not answered then is not taken for too long.
func TestMTULimited(t *testing.T) {
	needsRoot(t)
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to drop the messages")
	}
	var all sync.WaitGroup // they wait most of the time
	for _, way := range ways {
		all.Go(func() {
			l := chain(t, 3)
			resize(t, l, 1, 1492)
			resize(t, l, 2, 1380)
			dropMessages(t, l, 2)
			for _, n := range l.Nodes()[1:] {
				argv := append([]string{"sysctl", "-qw"}, strings.Fields(asDelivered)...)
				if got := at(t, l, n.Name, argv...); got.status != 0 {
					t.Errorf("%s: %s", n.Name, got.stderr)
				}
			}
			got := within(t, l, ebpftrace(way.flags, "--mtu", "--json", "-n", "target.lab")...)
			d := readMTU(t, way.flags, got)
			if len(d.Drops) != 2 || d.Drops[0] != told(1, 1492) || d.Drops[1] != hole(2, 1380) || d.PathMTU != 1380 {
				t.Errorf("%s: drops %+v, path MTU %d", way.flags, d.Drops, d.PathMTU)
			}
		})
	}
	all.Wait()
}
