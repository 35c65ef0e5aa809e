package socket_test

import (
	"fmt"
	"net/netip"
	"os"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// way is one of the ways to trace.
type way struct {
	protocol   probe.Protocol
	ipv6       bool
	timestamps bool
}

func (w way) String() string {
	return fmt.Sprintf("%s,v6=%v,timestamps=%v", w.protocol.Name(), w.ipv6, w.timestamps)
}

func (w way) address(n lab.Node) netip.Addr {
	if w.ipv6 {
		return n.V6
	}
	return n.V4
}

func everyWay(t *testing.T, test func(t *testing.T, w way)) {
	for _, p := range probe.Protocols {
		for i := range 4 {
			w := way{p, i&1 != 0, i&2 != 0}
			t.Run(w.String(), func(t *testing.T) { test(t, w) })
		}
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes network namespaces and opens raw sockets")
	}
}

func chain(t *testing.T, routers int) *lab.Lab {
	t.Helper()
	needRoot(t)
	l, err := lab.Chain(t.Context(), lab.Options{Routers: routers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func front(t *testing.T, name string) *lab.Front {
	t.Helper()
	needRoot(t)
	s := simtest.Load(t, name)
	f, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// open returns a listener in the calling thread's namespace, and its flow.
func open(t *testing.T, w way, target netip.Addr, change func(*socket.ListenOptions)) (*socket.Listener, probe.Flow) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	route, err := socket.Lookup(target, socket.RouteOptions{})
	must(err)
	raw, err := socket.Open(socket.Options{IPv6: w.ipv6, Index: route.Index})
	must(err)
	t.Cleanup(func() { raw.Close() })
	number := w.protocol.Number(w.ipv6)
	port, err := socket.Reserve(number, route.Source, 0, route.Index)
	must(err)
	t.Cleanup(func() { port.Close() })
	flow := probe.Flow{
		Source: route.Source, Target: target, SourcePort: port.Number,
		TargetPort: w.protocol.DefaultPort(), Secret: 0xbeef,
	}
	options := socket.ListenOptions{
		Raw: raw, Protocol: number, SourcePort: port.Number, Secret: flow.Secret, Timestamps: w.timestamps,
	}
	if change != nil {
		change(&options)
	}
	l, err := socket.Listen(options)
	must(err)
	t.Cleanup(func() { l.Close() })
	return l, flow
}

// trace traces from the client of a lab.
func trace(t *testing.T, l *lab.Lab, w way, change func(*socket.ListenOptions)) (*tracer.Trace, socket.Gaps) {
	t.Helper()
	target, _ := l.Node(lab.Target)
	var got *tracer.Trace
	var gaps socket.Gaps
	err := l.Do(lab.Client, func() error {
		listener, flow := open(t, w, w.address(target), change)
		var err error
		got, err = tracer.Run(t.Context(), tracer.Config{Flow: flow, Protocol: w.protocol}, listener, listener)
		gaps = listener.Gaps()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, gaps
}

// check holds a probe's stamps against the order of their points.
func check(t *testing.T, w way, p tracer.Probe) {
	t.Helper()
	want, points := "user", []stamp.Point{stamp.UserSend, stamp.UserReceive}
	if w.timestamps {
		want = "socket"
		points = []stamp.Point{stamp.UserSend, stamp.SocketSend, stamp.Receive, stamp.UserReceive}
	}
	if p.Timing.Name != want || p.RTT <= 0 {
		t.Errorf("TTL %d: %v by %q, want it by %q", p.TTL, p.RTT, p.Timing.Name, want)
	}
	for i, point := range points {
		if p.Stamps[point] == 0 || i > 0 && p.Stamps[point] < p.Stamps[points[i-1]] {
			t.Errorf("TTL %d: %v is missing or out of order in %v", p.TTL, point, p.Stamps)
		}
	}
	if p.Stamps[stamp.TCXEgress] != 0 {
		t.Errorf("TTL %d: a stamp that nobody took: %v", p.TTL, p.Stamps)
	}
}
