package record_test

import (
	"bytes"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

var client = map[bool]netip.Addr{
	false: netip.MustParseAddr("198.19.255.1"), true: netip.MustParseAddr("2001:db8:ffff::1"),
}

// names knows every address, and has something hostile to say of it.
type names struct{}

func (names) Lookup(netip.Addr) <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func (names) Name(a netip.Addr) (string, bool) { return "n\x1b\xff" + a.String() + ".", true }

// run is a trace that was recorded, as its Writer was told of it.
type run struct {
	header output.Header
	trace  *tracer.Trace
	err    error
	file   []byte
	shown  string // what the JSON writer wrote
}

// traced records a trace through a simulated network, in virtual time.
func traced(t *testing.T, scenario string, p probe.Protocol, ipv6 bool) (r run) {
	t.Helper()
	s, err := sim.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { r = play(t, s, p, ipv6) })
	return r
}

func play(t *testing.T, s *sim.Scenario, p probe.Protocol, ipv6 bool) run {
	f := probe.Flow{
		Source: client[ipv6], Target: s.TargetAddr(ipv6), SourcePort: 45000, TargetPort: p.DefaultPort(),
		FlowLabel: 0x12345, Secret: 0xbeef,
	}
	net := sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort})
	rec := record.New()
	r := run{header: output.Header{
		Target: "target\x1b", Address: f.Target, Host: "client", Source: f.Source, Interface: "eth0",
		Protocol: p.Name(), Port: f.TargetPort, MaxTTL: 30, Size: 60, Timing: "kernel", Rung: "eBPF",
		Notes: []string{"a note"}, Stamps: true, Started: time.Now(), Names: rec.Names(names{}),
	}}
	r.trace, r.err = tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: p, OnProbe: rec.Probe}, net, rec.Source(net))
	if r.trace == nil {
		t.Fatal(r.err)
	}
	r.shown = write(t, "json", func(w output.Writer) error { w.Start(r.header); return w.End(r.trace, r.err) })
	var file bytes.Buffer
	if err := rec.Write(&file, "v9", r.header, r.trace, r.err); err != nil {
		t.Fatal(err)
	}
	r.file = file.Bytes()
	return r
}

func write(t *testing.T, format string, play func(output.Writer) error) string {
	t.Helper()
	f, err := output.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := play(f.New(&out)); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.String()
}

func read(t *testing.T, file []byte) *record.Recording {
	t.Helper()
	r, err := record.Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// everywhere records traces through all scenarios, by every protocol and family.
func everywhere(t *testing.T, test func(*testing.T, run)) {
	for _, name := range sim.Names() {
		for _, p := range probe.Protocols {
			for _, ipv6 := range []bool{false, true} {
				family := map[bool]string{false: "4", true: "6"}[ipv6]
				t.Run(name+"/"+p.Name()+family, func(t *testing.T) { test(t, traced(t, name, p, ipv6)) })
			}
		}
	}
}
