package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func good() row {
	return row{Condition: "idle", Tool: "ebpftrace kernel", Protocol: "udp", Family: "4", ours: true,
		tally: tally{Samples: 1000, Inside: 999, Width: 3400, Miss: &misses{-400, -400, -400}}}
}

// Each way to miss a target is one, and nothing else is.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*row)
		why    string
	}{
		{"good", func(*row) {}, ""},
		{"share", func(r *row) { r.Inside = 998 }, "99.80 % inside"},
		{"distance", func(r *row) { r.Miss.Max = -5001 }, "-5.001µs outside"},
		{"unmatched", func(r *row) { r.Unmatched = 1 }, "1 times belong to no"},
		{"too few", func(r *row) { r.Samples, r.Inside = 999, 999 }, "999 times, want 1000"},
		{"error", func(r *row) { r.Error = "no tun" }, "no tun"},
		{"another timing", func(r *row) { r.Tool = "ebpftrace user" }, "no row is of"},
		{"another tool", func(r *row) { r.Tool, r.ours = "mtr", false }, "no row is of"},
	} {
		r := good()
		tt.change(&r)
		got := (&report{Rows: []row{r}}).failures(options{samples: 1000, must: []string{"kernel"}})
		if (len(got) == 0) != (tt.why == "") || !strings.Contains(strings.Join(got, ""), tt.why) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.why)
		}
	}
}

func sampleReport() *report {
	mixed := good()
	mixed.Sources = map[string]int{"kernel": 998, "tcx": 2}
	broken := row{Condition: "quota", Tool: "mtr", Protocol: "icmp", Family: "6", Error: "it broke"}
	free := row{Condition: "quota", Tool: "scamper", Protocol: "tcp", Family: "4", tally: tally{Samples: 3, Miss: &misses{1, 20_000_000, 4294967 * ms}}}
	return &report{TakenAt: epoch.UTC(), Kernel: "6.18.44", Machine: "x86_64", CPUs: 2, Versions: map[string]string{"tcpdump": "4.99.3", "mtr": "0.95"},
		Missing: []string{"traceroute"}, Conditions: map[string]string{"idle": "nothing else runs", "quota": "little"}, Rows: []row{mixed, broken, free}}
}

const wantMarkdown = `Linux 6.18.44, x86_64, 2 CPUs, 2026-11-18: mtr 0.95, tcpdump 4.99.3.

**idle**: nothing else runs

| tool | protocol | IP | samples | inside | miss p50 | p99 | max | bracket | rounding | unmatched |
|---|---|---|---|---|---|---|---|---|---|---|
| ebpftrace kernel (2 tcx, 998 kernel) | udp | v4 | 1000 | 99.90 % | -0.4 µs | -0.4 µs | -0.4 µs | 3.4 µs | 0.0 µs | 0 |

**quota**: little

| tool | protocol | IP | samples | inside | miss p50 | p99 | max | bracket | rounding | unmatched |
|---|---|---|---|---|---|---|---|---|---|---|
| mtr | icmp | v6 | 0 | - | - | - | - | 0.0 µs | 0.0 µs | 0 |
| scamper | tcp | v4 | 3 | 0.00 % | +0.0 µs | +20 ms | +4295 s | 0.0 µs | 0.0 µs | 0 |

* traceroute is missing: not installed
* quota, mtr icmp IPv6 failed: it broke
* quota, scamper tcp IPv4: the quota never made it wait
`

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	if err := sampleReport().write(&out, options{markdown: true}); err != nil || out.String() != wantMarkdown {
		t.Errorf("%v, got:\n%s\nwant:\n%s", err, out.String(), wantMarkdown)
	}
	out.Reset()
	if err := sampleReport().write(&out, options{}); err != nil || !strings.Contains(out.String(), "\nidle: nothing else runs\ntool ") || !strings.Contains(out.String(), "traceroute is missing") {
		t.Errorf("%v, got:\n%s", err, out.String())
	}
	out.Reset()
	var back report
	if err := sampleReport().write(&out, options{json: true}); err != nil || json.Unmarshal(out.Bytes(), &back) != nil ||
		back.Rows[0].Samples != 1000 || back.Rows[0].Miss.Max != -400*time.Nanosecond || back.Missing[0] != "traceroute" {
		t.Errorf("%v, got:\n%s", err, out.String())
	}
}

// Only all is 100 %.
func TestPercent(t *testing.T) {
	for inside, want := range map[int]string{100000: "100.00 %", 99999: "99.99 %", 0: "0.00 %"} {
		if got := percent(tally{Samples: 100000, Inside: inside}); got != want {
			t.Errorf("%d: %s, want %s", inside, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, args := range []string{"-conditions night", "-tools ping", "-protocols sctp", "-families 5", "-n 0", "-markdown -json", "more"} {
		if _, err := parseOptions(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%s was accepted", args)
		}
	}
	o, err := parseOptions(strings.Fields("-quick -conditions delay,idle -tools mtr,ebpftrace -families 6"), io.Discard)
	if err != nil || o.samples != quickSamples || o.peers != quickSamples || len(o.conditions) != 2 || o.conditions[0].name != "delay" || len(o.tools) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestPerHop(t *testing.T) {
	for _, tt := range []struct {
		samples, first, most int
		want                 string
	}{{1, 1, 9, "1"}, {1000, 1, 100, "100"}, {20, 1, 100, "5"}, {21, 1, 100, "6"}, {20, 2, 100, "7"}} {
		if got := (probing{samples: tt.samples, first: tt.first}).perHop(tt.most); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// What is not installed is named, and nothing else is asked.
func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	o := options{tools: []string{"mtr", "scamper-dl"}}
	tools, missing, err := o.chosen()
	if err != nil || len(tools) > 0 {
		t.Fatalf("%v, %v", tools, err)
	}
	if got := newReport(o, tools, missing).Missing; !slices.Equal(got, o.tools) {
		t.Errorf("missing %v, want %v", got, o.tools)
	}
}
