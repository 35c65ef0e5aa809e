package loader

import (
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func TestStackedDevices(t *testing.T) {
	for _, u := range uppers {
		t.Run(u.name, func(t *testing.T) {
			eachHooks(t, func(t *testing.T, n *network) {
				n.stack(t, u)
				n.trace(t, probe.UDP{}, false, 40012).sendAll(t, u.name, 30)
			})
		})
	}
}

// On loopback every probe and every answer passes both egress and ingress.
func TestLoopback(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		n.index = 1 // LOOPBACK_IFINDEX
		for _, tt := range []struct {
			protocol probe.Protocol
			host     netip.Addr
		}{
			{probe.UDP{}, flows[false].Source}, {probe.UDP{}, netip.IPv6Loopback()},
			{probe.TCP{}, flows[true].Source}, {probe.ICMP{}, netip.MustParseAddr("127.0.0.1")},
		} {
			tr := n.prepare(t, tt.protocol, tt.host.Is6(), 40014)
			tr.flow.Source, tr.flow.Target = tt.host, tt.host
			n.open(t, tr, Options{})
			tr.sendAll(t, tt.protocol.Name()+" to "+tt.host.String(), 20)
			must(t, tr.Close())
		}
	})
}

// In a VRF the interface below it is the one that packets pass.
func TestVRF(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		attrs := netlink.NewLinkAttrs()
		attrs.Name = "vrf"
		addLink(t, &netlink.Vrf{LinkAttrs: attrs, Table: 10})
		setUp(t, "vrf")
		near, err := netlink.LinkByName("near")
		must(t, err)
		enslave(t, near, "vrf")
		n.device = "vrf"
		n.trace(t, probe.UDP{}, false, 40015).sendAll(t, "vrf", 50)
	})
}
