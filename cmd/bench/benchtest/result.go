// Package benchtest makes results of measurements that never took place, for
// tests of what shows them.
package benchtest

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Names are names by address.
type Names map[string]string

// Lookup implements output.Names: every lookup is over.
func (Names) Lookup(netip.Addr) <-chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}

// Name implements output.Names.
func (n Names) Name(addr netip.Addr) (string, bool) { return n[addr.String()], true }

// Hostile is a name that wants to be more than a name.
const Hostile = "\x1b[2Jgw</title><script src=\"http://evil.example/x.js\">alert(1)</script>&"

// Result returns 100 rounds over three hops: a router, two that take turns of
// which one has a hostile name, a silent one, and an IPv6 target. Stamps are those of
// [Stamps]; each tenth probe lacks those of the kernel half.
func Result() *bench.Result {
	r := &bench.Result{
		Header: output.Header{
			Target: "www.example.net", Address: netip.MustParseAddr("2001:db8::7"),
			Source: netip.MustParseAddr("fe80::1%eth0"), Interface: "eth0", Protocol: "udp",
			Port: 33434, Size: 60, Names: Names{"192.0.2.1": "gw.example", "192.0.2.22": Hostile},
		},
		Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Elapsed: 99 * time.Second,
		Rounds: 100, Count: 100, Interval: time.Second,
	}
	for round := range 100 {
		second := "192.0.2.21"
		if round%3 == 0 {
			second = "192.0.2.22"
		}
		r.Path.Add(hop(1, round, "192.0.2.1"))
		r.Path.Add(hop(2, round, second))
		r.Path.Add(tracer.Hop{TTL: 3, Probes: []tracer.Probe{{TTL: 3, State: tracer.Lost}}})
		r.Path.Add(hop(4, round, "2001:db8::7"))
	}
	return r
}

func hop(ttl, round int, from string) tracer.Hop {
	stamps := Stamps(time.Duration(ttl)*time.Millisecond + time.Duration(round)*time.Microsecond)
	if round%10 == 9 {
		stamps[stamp.TCXEgress], stamps[stamp.DriverStart], stamps[stamp.TCXIngress] = 0, 0, 0
	}
	return tracer.Hop{TTL: ttl, Probes: []tracer.Probe{{
		TTL: ttl, State: tracer.Answered, Stamps: stamps,
		Answer: wire.Answer{From: netip.MustParseAddr(from)},
	}}}
}

// Stamps returns stamps of every point. By them the network takes rtt, which is
// what the kernel's say; driver+tcx says 1 µs more, tcx+receive 3, tcx 4, user
// 60, and socket 500 ns less.
func Stamps(rtt time.Duration) stamp.Set {
	const driver = stamp.Mono(1_000_010_000)
	back := driver + stamp.Mono(rtt)
	return stamp.Set{
		stamp.UserSend: driver - 10_000, stamp.TCXEgress: driver - 3_000, stamp.DriverStart: driver,
		stamp.SocketSend: driver + 500, stamp.Receive: back, stamp.TCXIngress: back + 1_000,
		stamp.UserReceive: back + 50_000,
	}
}
