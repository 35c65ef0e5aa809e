package record_test

import (
	"bytes"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// search is one that was recorded, as its writers were told of it.
type search struct {
	header output.MultipathHeader
	result *multipath.Result
	err    error
	file   []byte
}

// searched records a search through a simulated network, in virtual time.
func searched(t *testing.T, scenario string, p probe.Protocol, ipv6 bool) (s search) {
	t.Helper()
	network, err := sim.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { s = explore(t, network, p, ipv6) })
	return s
}

func explore(t *testing.T, network *sim.Scenario, p probe.Protocol, ipv6 bool) search {
	cfg := multipath.Config{Protocol: p, Destinations: 5, FirstIdent: 1, Flow: probe.Flow{
		Source: client[ipv6], Target: network.TargetAddr(ipv6), SourcePort: 45000, TargetPort: p.DefaultPort(),
		FlowLabel: 0x12345, Secret: 0xbeef,
	}}.WithDefaults()
	link := sim.NewLink(sim.New(network, 1), sim.LinkOptions{Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort, SourcePorts: cfg.MaxFlows})
	rec := record.New()
	cfg.OnProbe = rec.Probe
	label := cfg.Flow.FlowLabel
	s := search{err: errors.New("link \x1b down"), header: output.MultipathHeader{
		Header: output.Header{
			Target: "target\x1b", Address: cfg.Flow.Target, Host: "client", Source: cfg.Flow.Source, Interface: "eth0",
			Protocol: p.Name(), Port: cfg.Flow.TargetPort, MaxTTL: 30, Size: 60, Timing: "kernel", Rung: "eBPF",
			Notes: []string{"a note"}, Started: time.Now(), Names: rec.Names(names{}),
		},
		Confidence: 0.95, Again: output.Again{SourcePort: 45000, FlowLabel: &label, Command: []string{"ebpftrace", "-U", "target"}},
	}}
	var err error
	if s.result, err = multipath.Run(t.Context(), cfg, link, rec.Source(link)); err != nil {
		t.Fatal(err)
	}
	for _, n := range s.result.Nodes {
		s.header.Names.Name(n.Addr) // as a writer would
	}
	var file bytes.Buffer
	if err := rec.WriteSearch(&file, "v9", s.header, s.result, s.err); err != nil {
		t.Fatal(err)
	}
	s.file = file.Bytes()
	return s
}

// What is read is what was written: every output to the byte, and all that a result
// has beside.
func TestSearchRoundTrip(t *testing.T) {
	for i, name := range sim.MultipathNames() {
		p, ipv6 := probe.Protocols[i%len(probe.Protocols)], i%2 == 1
		t.Run(name, func(t *testing.T) {
			s := searched(t, name, p, ipv6)
			r := read(t, s.file)
			if r.Search == nil || r.Trace != nil || r.LeftOut != 0 {
				t.Fatalf("%+v", r)
			}
			for output, write := range outputs() {
				got, want := write(t, r.Search.Header, r.Search.Result, r.Search.Err), write(t, s.header, s.result, s.err)
				if got != want {
					t.Errorf("%s: got\n%s\nwant\n%s", output, got, want)
				}
			}
			if got, want := plainResult(r.Search.Result), plainResult(s.result); !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}

// outputs are all there are of a search.
func outputs() map[string]func(*testing.T, output.MultipathHeader, *multipath.Result, error) string {
	all := map[string]func(*testing.T, output.MultipathHeader, *multipath.Result, error) string{
		"page": func(t *testing.T, h output.MultipathHeader, r *multipath.Result, failed error) string {
			var out bytes.Buffer
			if err := report.WriteMultipath(&out, h, r, failed); err != nil {
				t.Fatal(err)
			}
			return out.String()
		},
	}
	for _, f := range output.MultipathFormats {
		all[f.Name] = func(t *testing.T, h output.MultipathHeader, r *multipath.Result, failed error) string {
			var out bytes.Buffer
			w := f.New(&out)
			if err := errors.Join(w.Start(h), w.End(r, failed)); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
	}
	return all
}

// plainResult takes out what no file can hold, and nodes, which the outputs show.
func plainResult(r *multipath.Result) multipath.Result {
	p := *r
	p.Started, p.Nodes, p.Probes = wall(p.Started), nil, nil
	for _, q := range r.Probes {
		q.SentAt = wall(q.SentAt)
		p.Probes = append(p.Probes, q)
	}
	return p
}

// A field that a result gets has to be thought of here as well.
func TestNoFieldOfASearchIsForgotten(t *testing.T) {
	for _, tt := range []struct {
		of   any
		want int
	}{{output.MultipathHeader{}, 3}, {output.Again{}, 3}, {multipath.Result{}, 25}, {multipath.Node{}, 12}} {
		if got := reflect.TypeOf(tt.of).NumField(); got != tt.want {
			t.Errorf("%T has %d fields, and %d are recorded: see searchdocument.go", tt.of, got, tt.want)
		}
	}
}

// Of a search there is no single path.
func TestPlayASearch(t *testing.T) {
	r := read(t, searchSeed)
	f, _ := output.ByName("json")
	if err := r.Play(f.New(&bytes.Buffer{})); !errors.Is(err, record.ErrSearch) {
		t.Errorf("%v, want %v", err, record.ErrSearch)
	}
}

// What is damaged is called that, in a line.
func TestSearchDamage(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{`"from":0,"to":1`, `"from":0,"to":2`, "no node 2"},
		{`"from":0,"to":1`, `"from":9,"to":1`, "no node 9"},
		{`"at":[1]`, `"at":[7]`, "no node 7"},
		{`"at":[1]`, `"at":[] `, "1 probes, 0 places"},
		{`"paths":[[0,1]]`, `"paths":[[0,5]]`, "no node 5"},
		{`"hop":1`, `"hop":9`, ""},
		{`"hop":0`, `"hop":3`, "hop 1 behind hop 3"},
		{`"wanted":0.9`, `"wanted":9.9`, "probability of 9.9"},
		{`"balance":"none"`, `"balance":"nine"`, "no kind of balancing"},
		{`"reached"`, `"reachex"`, "no stop reason"},
		{`"protocol":"udp"`, `"protocol":"abc"`, "unknown protocol"},
		{`multipath/1`, `multipath/2`, "written by ebpftrace v1"},
		{`"answer":2`, `"answer":1`, "should be an answer"},
	} {
		if !bytes.Contains(searchSeed, []byte(tt.old)) || len(tt.old) != len(tt.new) {
			t.Fatalf("can't replace %q by %q", tt.old, tt.new)
		}
		_, err := record.Read(bytes.NewReader(bytes.Replace(searchSeed, []byte(tt.old), []byte(tt.new), 1)))
		if (err == nil) != (tt.want == "") || err != nil && (!strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v, want %q", tt.new, err, tt.want)
		}
	}
}

// searchSeed is a recording as small as can be, of one probe that the target answered.
var searchSeed = func() []byte {
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := &multipath.Result{
		Source: seedFlow.Source, Target: seedFlow.Target, Protocol: "udp", Flow: seedFlow, Started: began, Stop: tracer.StopReached,
		Nodes: []*multipath.Node{{Hop: 0}, {Hop: 1, Addr: netip.MustParseAddr("192.0.2.1"), Probes: 1, Answered: 1}},
		Links: []multipath.Link{{From: 0, To: 1, Sure: true}}, Flows: 1, Paths: [][]int{{0, 1}}, At: []int{1}, Wanted: 0.9, Confidence: 0.8,
		Doubts: []multipath.Doubt{{Hop: 1, Why: "a\x1breason"}}, Diamonds: []multipath.Diamond{{From: 0, To: -1}},
	}
	p := tracer.Probe{TTL: 1, Ident: 7, SentAt: began, State: tracer.Answered, Stamps: stamp.Set{stamp.UserSend: 100, stamp.UserReceive: 900}}
	p.RTT, p.Timing, _ = p.Stamps.RTT()
	packet := reply(&tracer.Trace{Protocol: "udp", Flow: seedFlow}, p)
	p.Answer, _ = wire.ParseAnswer(packet)
	r.Probes = []tracer.Probe{p}
	rec := record.New()
	rec.Source(one{tracer.Answer{Ident: 7, Packet: packet, Length: 56}}).Next(time.Time{})
	rec.Probe(p)
	var file bytes.Buffer
	h := output.MultipathHeader{Header: output.Header{Target: "a", Address: seedFlow.Target, Source: seedFlow.Source, Protocol: "udp", Timing: "user"}}
	if err := rec.WriteSearch(&file, "v1", h, r, nil); err != nil {
		panic(err)
	}
	return file.Bytes()
}()
