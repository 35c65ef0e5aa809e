package report_test

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const queries = 12

// sampleHeader is that of a trace over IPv6, to a target with a long name.
func sampleHeader() output.Header {
	return output.Header{
		Target:  "a-host-with-quite-a-long-name.of-a-department.www.example.net",
		Address: netip.MustParseAddr("2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa"), Source: netip.MustParseAddr("fe80::1%eth0"),
		Interface: "eth0", Protocol: "udp", Port: 33434, MaxTTL: 30, Size: 60, Timing: "kernel", Rung: "eBPF by tcx",
		Names: benchtest.Names{"192.0.2.1": "gw.example", "192.0.2.22": benchtest.Hostile,
			"2001:db8:1111:2222:3333:4444:5555:6666": "xe-0-0-1.core1.a-city-far-away.a-provider-of-networks.example.net"},
	}
}

// sampleTrace has a router, a branch of three, two silent hops, one that loses, one with
// long names, and the target.
func sampleTrace() *tracer.Trace {
	t := &tracer.Trace{Started: began, Elapsed: time.Second, Stop: tracer.StopReached}
	t.Counters.Duplicates, t.Tally.Beyond = 1, 3
	branch := []string{"192.0.2.21", "192.0.2.22", "2001:db8:1111:2222:3333:4444:5555:6667"}
	for ttl := 1; ttl <= 7; ttl++ {
		h := tracer.Hop{TTL: ttl}
		for q := range queries {
			from := map[int]string{1: "192.0.2.1", 2: branch[q%3], 5: "192.0.2.5", 6: "2001:db8:1111:2222:3333:4444:5555:6666", 7: "2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa"}[ttl]
			if ttl == 5 && q%3 == 0 {
				from = ""
			}
			h.Probes = append(h.Probes, sampleProbe(ttl, q, from))
		}
		t.Hops = append(t.Hops, h)
	}
	return t
}

func sampleProbe(ttl, query int, from string) tracer.Probe {
	p := tracer.Probe{TTL: ttl, Query: query, State: tracer.Lost, SentAt: began.Add(time.Duration(query*70+ttl) * time.Millisecond)}
	if from == "" {
		return p
	}
	p.State, p.Stamps = tracer.Answered, benchtest.Stamps(time.Duration(ttl)*time.Millisecond+time.Duration(query*query)*30*time.Microsecond)
	p.Stamps[stamp.UserSend]++ // no stamp is 0
	p.RTT, p.Timing, _ = p.Stamps.RTT()
	p.Answer = wire.Answer{From: netip.MustParseAddr(from), Kind: wire.TimeExceeded, ICMP: true, Type: 11}
	return p
}

func writeTrace(t *testing.T, h output.Header, trace *tracer.Trace, failed error) string {
	t.Helper()
	var w bytes.Buffer
	if err := report.WriteTrace(&w, h, trace, failed); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// littleTraces hardly found anything.
func littleTraces() map[string]*tracer.Trace {
	refused := tracer.Probe{TTL: 1, Err: errors.New("no buffer space\x1b")}
	untimed := sampleProbe(1, 0, "192.0.2.1")
	untimed.Stamps, untimed.Timing, untimed.RTT = stamp.Set{}, stamp.Timing{}, 0
	atOnce := sampleProbe(1, 0, "192.0.2.1")
	atOnce.Stamps = stamp.Set{stamp.TCXEgress: 5, stamp.TCXIngress: 5}
	atOnce.RTT, atOnce.Timing, _ = atOnce.Stamps.RTT()
	all := map[string]*tracer.Trace{"nothing": {Stop: tracer.StopFailed}}
	for name, p := range map[string]tracer.Probe{
		"one": sampleProbe(1, 0, "192.0.2.1"), "lost": sampleProbe(1, 0, ""), "refused": refused, "untimed": untimed, "no time at all": atOnce,
		"awaited": {TTL: 1, State: tracer.Sent, SentAt: began},
	} {
		all[name] = &tracer.Trace{Started: began, Stop: tracer.StopGap, Hops: []tracer.Hop{{TTL: 1, Probes: []tracer.Probe{p}}}}
	}
	return all
}

// manyProbes is a trace with more probes than a page lists.
func manyProbes() *tracer.Trace {
	t := sampleTrace()
	for i := range 1100 {
		t.Hops[0].Probes = append(t.Hops[0].Probes, sampleProbe(1, queries+i, "192.0.2.1"))
	}
	return t
}
