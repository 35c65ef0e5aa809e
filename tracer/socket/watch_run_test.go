package socket_test

import (
	"context"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// A trace whose interface fails ends with what was known, and the watch says why:
// whether probes are refused from then on, or just not answered.
func TestWatchedTraceEnds(t *testing.T) {
	tests := []struct {
		name string
		lost func(w world)
		want unix.Errno
	}{
		{"down", down("eth0"), unix.ENETDOWN},
		{"removed", deleted("eth0"), unix.ENODEV},
		{"without address", world.flush, unix.EADDRNOTAVAIL},
	}
	for _, tt := range tests {
		for _, v6 := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				l := chain(t, 1)
				if err := l.Do(lab.Client, func() error {
					world{t, v6}.watchedTrace(l, tt.lost, tt.want)
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// watchedTrace traces for long, and does something to eth0 at the first answer.
func (w world) watchedTrace(l *lab.Lab, lost func(world), want unix.Errno) {
	w.Helper()
	node, _ := l.Node(lab.Target)
	udp := way{protocol: probe.UDP{}, ipv6: w.v6}
	listener, flow := open(w.T, udp, udp.address(node), nil)
	r, err := socket.Lookup(flow.Target, socket.RouteOptions{})
	w.must(err)
	ctx, stop, err := socket.Watch(w.Context(), r)
	w.must(err)
	const queries = 5000 // many more than there is time for
	trace, failed := tracer.Run(ctx, tracer.Config{Flow: flow, Queries: queries, MaxTTL: 2, OnProbe: func(p tracer.Probe) {
		if p.State.Heard() && lost != nil {
			lost(w)
			lost = nil
		}
	}}, listener, listener)
	w.check(stop(), want, "in mid-trace")
	if failed == nil && context.Cause(ctx) == nil {
		w.Errorf("the trace ended by itself: %v", trace.Stop)
	}
	if trace == nil || len(trace.Hops) == 0 || !trace.Hops[0].Probes[0].State.Heard() {
		w.Errorf("what was known is lost: %+v", trace)
	}
}

// flush takes the addresses of the test's family off eth0.
func (w world) flush() {
	w.Helper()
	all, err := netlink.AddrList(w.link("eth0"), w.family())
	w.must(err)
	for _, a := range all {
		w.must(netlink.AddrDel(w.link("eth0"), &a))
	}
}
