package loader

import (
	"errors"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// bypass is the far end's address on a second link, by which it sends all answers.
var bypass = map[bool]probe.Flow{
	false: {Source: netip.MustParseAddr("10.96.0.1"), Target: netip.MustParseAddr("10.96.0.2")},
	true:  {Source: netip.MustParseAddr("fd96::1"), Target: netip.MustParseAddr("fd96::2")},
}

// bypass makes a second link, has all answers come by it, and returns the index of
// its near end.
func (n *network) bypass(t *testing.T) int {
	t.Helper()
	must(t, netlink.LinkAdd(&netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: "near2"}, PeerName: "far2", PeerNamespace: netlink.NsFd(n.far),
	}))
	acceptDetours(t)
	neighbourAtOnce(t, "near2")
	index := setUp(t, "near2", bypass[false].Source, bypass[true].Source)
	must(t, netns.Set(n.far))
	defer func() { must(t, netns.Set(n.near)) }()
	neighbourAtOnce(t, "far2")
	far := setUp(t, "far2", bypass[false].Target, bypass[true].Target)
	for v6, flow := range flows {
		must(t, netlink.RouteReplace(&netlink.Route{
			LinkIndex: far, Gw: bypass[v6].Source.AsSlice(), Dst: netlink.NewIPNet(flow.Source.AsSlice()),
		}))
	}
	return index
}

// acceptDetours lets in what comes by another interface than the way back uses.
func acceptDetours(t *testing.T) {
	t.Helper()
	for _, name := range []string{"all", "near2"} {
		must(t, os.WriteFile("/proc/sys/net/ipv4/conf/"+name+"/rp_filter", []byte("0"), 0))
	}
}

// neighbourAtOnce has the interface ask for neighbours as soon as it is up, and not
// once nobody objects to its link-local address.
func neighbourAtOnce(t *testing.T, name string) {
	t.Helper()
	must(t, os.WriteFile("/proc/sys/net/ipv6/conf/"+name+"/accept_dad", []byte("0"), 0))
}

// An answer is seen that comes by another interface than its probe left by.
func TestAnswersByUplink(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		uplink := n.bypass(t)
		for v6 := range flows {
			tr := n.traceWith(t, probe.UDP{}, v6, Options{Port: 40017, Uplinks: []int{uplink}})
			tr.sendAll(t, tr.flow.Source.String(), 20)
			checkOurs(t, n, 1, 1)
			checkOursAt(t, uplink, n.hooks, 1, 0)
			must(t, tr.Close())
			checkOursAt(t, uplink, n.hooks, 0, 0)
		}
	})
}

// Nothing is attached to interfaces that are not named, so what they let in is not
// seen.
func TestOtherInterfacesAreLeftAlone(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		other := n.bypass(t)
		before := disciplines(t, other)
		tr := n.trace(t, probe.UDP{}, false, 40018)
		tr.probe(t, 7)
		if answer, err := tr.Next(time.Now().Add(patience / 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("answer %+v, error %v", answer, err)
		}
		checkCounters(t, tr, tracer.Counters{Probes: 1})
		checkSame(t, "queueing disciplines", disciplines(t, other), before)
		for _, index := range []int{other, 1} {
			checkOursAt(t, index, n.hooks, 0, 0)
		}
	})
}

// Where one uplink is gone, nothing stays on the others.
func TestUplinkGone(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		const missing = 4711
		uplink := n.bypass(t)
		before := disciplines(t, uplink)
		_, err := Open(Options{Interface: n.index, Hooks: n.hooks, Uplinks: []int{uplink, missing}})
		checkGone(t, err, missing)
		checkOurs(t, n, 0, 0)
		checkOursAt(t, uplink, n.hooks, 0, 0)
		checkSame(t, "queueing disciplines", disciplines(t, uplink), before)
	})
}
