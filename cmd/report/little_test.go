package report_test

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// little returns results that hardly measured anything.
func little() map[string]*bench.Result {
	return map[string]*bench.Result{
		"one sample":       result(benchtest.Stamps(1000)),
		"no time at all":   result(stamp.Set{stamp.TCXEgress: 5, stamp.TCXIngress: 5}),
		"the user's alone": result(stamp.Set{stamp.UserSend: 5, stamp.UserReceive: 500}),
		"impossible":       result(stamp.Set{stamp.TCXEgress: 5, stamp.TCXIngress: 4}),
		"untimed":          result(stamp.Set{}),
		"over an hour":     result(benchtest.Stamps(3 * stats.Highest)),
	}
}

func result(stamps stamp.Set) *bench.Result {
	r := &bench.Result{Header: benchtest.Result().Header, Rounds: 1, Count: 1}
	r.Path.Add(tracer.Hop{TTL: 1, Probes: []tracer.Probe{{
		TTL: 1, State: tracer.Answered, Stamps: stamps,
		Answer: wire.Answer{From: netip.MustParseAddr("192.0.2.1")},
	}}})
	return r
}
