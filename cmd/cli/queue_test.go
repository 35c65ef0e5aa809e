package cli_test

import (
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// throttle puts a queue of so many bytes before the client's interface, that lets 8,000
// bytes a second through: a probe, with its Ethernet header, takes 9 ms.
func throttle(t *testing.T, l *lab.Lab, limit uint32) {
	t.Helper()
	err := l.Do(lab.Client, func() error {
		link, err := netlink.LinkByName("eth0")
		if err != nil {
			return err
		}
		return netlink.QdiscAdd(&netlink.Tbf{
			QdiscAttrs: netlink.QdiscAttrs{
				LinkIndex: link.Attrs().Index, Parent: netlink.HANDLE_ROOT, Handle: netlink.MakeHandle(1, 0),
			},
			Rate: 8000, Limit: limit, Buffer: netlink.Xmittime(8000, 150),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a probe waits in this host's own queue is told as such, and is no part of
// the network's time; tcx egress alone comes too early to tell the two apart.
func TestLocalQueue(t *testing.T) {
	l := chain(t, 2)
	throttle(t, l, 100_000)
	d := within(t, l, "ebpftrace", "--json", "-n", "target.lab").document(t)
	if rtt, queue := longest(d); queue < 5e6 || rtt > 5e6 {
		t.Errorf("at the most %d ns in the queue, RTT %d ns; want milliseconds in the queue alone", queue, rtt)
	}
	d = within(t, l, "ebpftrace", "--json", "-n", "--timing", "tcx", "target.lab").document(t)
	if rtt, _ := longest(d); rtt < 5e6 {
		t.Errorf("tcx says %d ns at the most, want it to hold the queue's milliseconds", rtt)
	}
}

// longest returns the longest round-trip time, and the longest time from tcx
// egress to the driver, in nanoseconds.
func longest(d document) (rtt, queue int64) {
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			rtt = max(rtt, p.RTT)
			if driver := p.Stamps["driver_start"]; driver != 0 {
				queue = max(queue, driver-p.Stamps["tcx_egress"])
			}
		}
	}
	return rtt, queue
}
