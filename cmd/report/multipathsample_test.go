package report_test

import (
	"bytes"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// searched finds all paths through a simulated network, in virtual time, always the
// same ones.
func searched(t *testing.T, scenario string, ipv6 bool, cfg multipath.Config) (output.MultipathHeader, *multipath.Result) {
	t.Helper()
	network, err := sim.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Flow = probe.Flow{Source: netip.MustParseAddr("198.19.255.1"), Target: network.TargetAddr(ipv6), SourcePort: 45000, TargetPort: 33434, Secret: 0xbeef}
	if ipv6 {
		cfg.Flow.Source = netip.MustParseAddr("2001:db8:ffff::1")
	}
	cfg.FirstIdent = 1
	cfg = cfg.WithDefaults()
	var r *multipath.Result
	synctest.Test(t, func(t *testing.T) {
		link := sim.NewLink(sim.New(network, 1), sim.LinkOptions{Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort, SourcePorts: cfg.MaxFlows})
		if r, err = multipath.Run(t.Context(), cfg, link, link); err != nil {
			t.Fatal(err)
		}
	})
	h := sampleHeader()
	h.Target, h.Address, h.Source, h.Names = "target.lab", cfg.Flow.Target, cfg.Flow.Source, benchtest.Names{
		"198.18.1.1": "gw.example", "198.18.2.1": benchtest.Hostile, "2001:db8:1::1": "xe-0-0-1.core1.a-city-far-away.a-provider-of-networks.example.net",
	}
	return output.MultipathHeader{Header: h, Confidence: 0.95, Again: output.Again{
		SourcePort: 45000, Command: []string{"ebpftrace", "--sport 45000", h.Address.String()},
	}}, r
}

func writeMultipath(t *testing.T, h output.MultipathHeader, r *multipath.Result, failed error) string {
	t.Helper()
	var w bytes.Buffer
	if err := report.WriteMultipath(&w, h, r, failed); err != nil {
		t.Fatal(err)
	}
	return w.String()
}
