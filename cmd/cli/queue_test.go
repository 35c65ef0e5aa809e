package cli_test

import (
	"strings"
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

// Who reads times that leave the queue out is told of it, in the table and beside
// formats that have no place for it; not where the times hold it.
func TestLocalQueueIsTold(t *testing.T) {
	l := chain(t, 2)
	throttle(t, l, 100_000)
	for flags, told := range map[string]func(outcome) string{
		"-n": func(o outcome) string { return o.stdout }, "--format traceroute": func(o outcome) string { return o.stderr },
	} {
		for timing, want := range map[string]bool{"": true, " --timing tcx": false} {
			got := within(t, l, ebpftrace(flags+timing+" target.lab")...)
			if strings.Contains(told(got), "own queue held probes for") != want {
				t.Errorf("%s%s: told of the queue: %v, want %v\n%s%s", flags, timing, !want, want, got.stdout, got.stderr)
			}
		}
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
