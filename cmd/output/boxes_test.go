package output

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// boxTrace traces through a scenario that comes with package sim, in virtual
// time, with TOS byte and DF as its truth wants them.
func boxTrace(t *testing.T, name string, p probe.Protocol) (tr *tracer.Trace) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := simtest.Load(t, name)
		f := probe.Flow{
			Source: netip.MustParseAddr("198.19.255.1"), Target: s.TargetAddr(false), SourcePort: 45000,
			TargetPort: p.DefaultPort(), Secret: 0xbeef, TrafficClass: s.Truth.TOS, DontFragment: s.Truth.DontFragment,
		}
		net := simtest.Link(s, 1, f)
		var err error
		if tr, err = tracer.Run(t.Context(), tracer.Config{Flow: f, Protocol: p, FirstIdent: 1}, net, net); err != nil {
			t.Fatal(err)
		}
	})
	return tr
}

var diffHeader = header4.with(func(h *Header) { h.Diff = true })

func TestBoxLines(t *testing.T) {
	tests := []struct {
		scenario string
		p        probe.Protocol
		header   Header
		want     []string
	}{
		{"clean", probe.UDP{}, header4, nil},
		{"clean", probe.UDP{}, diffHeader, []string{"header changes: none in what 6 hops quoted"}},
		{"clean", probe.ICMP{}, diffHeader, []string{"header changes: none in what 5 hops quoted"}},
		{"remarked", probe.ICMP{}, header4, []string{"on the way: DSCP changed, DF changed, ECN changed (--diff shows where)"}},
		{"remarked", probe.UDP{}, diffHeader, []string{
			"header change: DSCP 46 -> 10 between hops 2 (198.18.2.1) and 3 (198.18.3.1)",
			"header change: DF 1 -> 0 between hops 2 (198.18.2.1) and 3 (198.18.3.1)",
			"header change: ECN ect0 -> not-ect between hops 3 (198.18.3.1) and 5 (198.18.5.1)",
			"header change: DSCP 10 -> 0 between hops 5 (198.18.5.1) and 6 (203.0.113.10)",
		}},
		{"undone", probe.ICMP{}, header4, []string{"on the way: DSCP changed (--diff shows where)"}},
		{"undone", probe.ICMP{}, diffHeader, []string{
			"header change: DSCP 46 -> 12 between hops 2 (198.18.2.1) and 3 (198.18.3.1)",
			"header change: ECN ect0 -> ce between hops 3 (198.18.3.1) and 4 (198.18.4.1)",
			"header change: DSCP 12 -> 46, as it was sent, between hops 4 (198.18.4.1) and 5 (198.18.5.1)",
		}},
		{"nat_visible", probe.UDP{}, header4, []string{"on the way: address translation (--diff shows where)"}},
		{"nat_visible", probe.UDP{}, diffHeader, []string{
			"address translation between hops 2 (198.18.2.1) and 3 (198.18.3.1), shown by source address: source 203.0.113.200",
			"header change: source address 198.19.255.1 -> 203.0.113.200 between hops 2 (198.18.2.1) and 3 (198.18.3.1)",
		}},
		{"nat", probe.TCP{}, header4, []string{"on the way: address translation (--diff shows where)"}},
		{"short_quote", probe.TCP{}, diffHeader, []string{
			"header changes: none in what 4 hops quoted",
			"too little is quoted to tell of checksum and options at hop 2",
		}},
		{"same_source", probe.TCP{}, diffHeader, []string{
			"address translation between hops 3 (198.18.3.1) and 4 (203.0.113.10), inferred from source of answers",
			"hops 4 to 6 answer from 203.0.113.10: different boxes (reply TTLs 252 to 59: a hop further each)",
			"header changes: none in what 5 hops quoted",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.scenario, func(t *testing.T) {
			if got := boxLines(tt.header, boxTrace(t, tt.scenario, tt.p)); !slices.Equal(got, tt.want) {
				t.Errorf("%s:\n%s\nwant\n%s", tt.p.Name(), strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// Where the quoted header is not to be had, nothing is said to be unchanged.
func TestBoxLinesUnquoted(t *testing.T) {
	h := diffHeader.with(func(h *Header) { h.Unquoted = true })
	got := boxLines(h, boxTrace(t, "clean", probe.UDP{}))
	if len(got) != 1 || !strings.Contains(got[0], "unknown, for an ordinary user's sockets") {
		t.Errorf("%q", got)
	}
	got = boxLines(diffHeader, trace(tracer.StopGap, ms, path("-", "-")...))
	if len(got) != 1 || !strings.Contains(got[0], "unknown, for no hop quoted") {
		t.Errorf("%q", got)
	}
}

// What is found stands in the document as the schema says.
func TestBoxesInJSON(t *testing.T) {
	schema := compile(t, strict(readSchema(t)))
	tests := []struct {
		scenario string
		p        probe.Protocol
		want     map[string]int // how many of each field
	}{
		{"clean", probe.UDP{}, map[string]int{}},
		{"remarked", probe.UDP{}, map[string]int{"changes": 4}},
		{"undone", probe.UDP{}, map[string]int{"changes": 3}},
		{"two_nats", probe.UDP{}, map[string]int{"changes": 2, "nat": 2}},
		{"nat_visible", probe.TCP{}, map[string]int{"changes": 1, "nat": 1}},
		{"mss_clamp", probe.TCP{}, map[string]int{"changes": 3}},
		{"same_source", probe.UDP{}, map[string]int{"nat": 1, "repeated_addresses": 1}},
		{"zero_ttl", probe.ICMP{}, map[string]int{"repeated_addresses": 1}},
		{"mpls", probe.UDP{}, map[string]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.scenario, func(t *testing.T) {
			text, err := json.Marshal(newDocument(header4, boxTrace(t, tt.scenario, tt.p), nil))
			if err != nil {
				t.Fatal(err)
			}
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(instance); err != nil {
				t.Errorf("%v\nin %s", err, text)
			}
			for _, field := range []string{"changes", "nat", "repeated_addresses", "short_quotes"} {
				if all, _ := instance.(map[string]any)[field].([]any); len(all) != tt.want[field] {
					t.Errorf("%s: %v, want %d", field, all, tt.want[field])
				}
			}
		})
	}
}

// What tells one translator from another is the same at all hops behind it.
func TestDifferenceInJSON(t *testing.T) {
	for _, p := range []probe.Protocol{probe.UDP{}, probe.TCP{}} {
		d := newDocument(header4, boxTrace(t, "two_nats", p), nil)
		if len(d.NAT) != 2 || !d.NAT[0].Inferred || d.NAT[0].Difference == d.NAT[1].Difference {
			t.Fatalf("%s: %+v", p.Name(), d.NAT)
		}
		// 198.19.255.1 became 203.0.113.200: c613+ff01 less cb00+71c8.
		if d.NAT[0].Difference != "0x77b3" && d.NAT[0].Difference != "0x884c" {
			t.Errorf("%s: off by %s", p.Name(), d.NAT[0].Difference)
		}
	}
}

// A checksum that was taken out is no translator's work, but worth a word; one of
// some probes is told as such.
func TestBoxWords(t *testing.T) {
	c := middlebox.Change{Field: middlebox.Checksum, From: "0x1234", To: "0x0000", Probes: 1, Of: 3}
	c.Before = middlebox.Hop{TTL: 1, Addr: netip.MustParseAddr("192.0.2.1")}
	if got := boxHint(middlebox.Report{Changes: []middlebox.Change{c}}); len(got) != 1 || !strings.Contains(got[0], "checksum changed") {
		t.Errorf("%q", got)
	}
	want := "checksum 0x1234 -> 0x0000, in 1 of 3 probes, between this host and hop 1 (192.0.2.1)"
	if got := told(c) + " " + betweenHops(c.After, c.Before); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
