package loader_test

import (
	"context"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// A call is all it takes to trace through kernel routers, by every protocol.
func TestTrace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make network namespaces")
	}
	l, err := lab.Chain(t.Context(), lab.Options{Routers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			checkWhole(t, l, p, ipv6)
		}
	}
	if err := l.Do(lab.Client, func() error {
		_, err := loader.Trace(t.Context(), netip.MustParseAddr("192.0.2.1"), tracer.Config{Flow: probe.Flow{Source: netip.MustParseAddr("192.0.2.9")}})
		return err
	}); err == nil {
		t.Error("traced from an address that is not this host's")
	}
}

func checkWhole(t *testing.T, l *lab.Lab, p probe.Protocol, ipv6 bool) {
	t.Helper()
	var way []netip.Addr
	for _, n := range l.Nodes()[1:] {
		way = append(way, map[bool]netip.Addr{false: n.V4, true: n.V6}[ipv6])
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got *tracer.Trace
	if err := l.Do(lab.Client, func() (err error) {
		got, err = loader.Trace(ctx, way[len(way)-1], tracer.Config{Protocol: p})
		return err
	}); err != nil {
		t.Fatalf("%s, IPv6 %v: %v", p.Name(), ipv6, err)
	}
	if !got.Reached() || len(got.Hops) != len(way) {
		t.Fatalf("%s, IPv6 %v: stopped with %v in %d hops, want %d", p.Name(), ipv6, got.Stop, len(got.Hops), len(way))
	}
	for i, h := range got.Hops {
		for _, q := range h.Probes {
			if q.Answer.From != way[i] || q.RTT <= 0 || q.Timing.Name == "user" {
				t.Errorf("%s: hop %d: %v after %v by %s, want %v by the kernel", p.Name(), i+1, q.Answer.From, q.RTT, q.Timing.Name, way[i])
			}
		}
	}
}
