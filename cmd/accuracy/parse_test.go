package main

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

const ms = time.Millisecond

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name  string
		parse func([]byte) ([]sample, error)
		out   string
		want  []sample
	}{
		{"traceroute", parseTraceroute, `traceroute to target.lab (198.18.4.2), 30 hops max, 60 byte packets
 1  198.18.1.2  0.595 ms *  198.18.1.9  12.000 ms !H
 2  * * *
10  2001:db8::1  0.001 ms !X  0.002 ms
`, []sample{{ttl: 1, rtt: 595_000}, {ttl: 1, number: 2, rtt: 12 * ms}, {ttl: 10, rtt: 1000}, {ttl: 10, number: 1, rtt: 2000}}},
		{"mtr", parseMTR, "x 0 33000\nh 0 198.18.1.2\nx 0 33004\nx 1 33001\np 0 156 33004\nd 0 r1.lab\np 1 78 33001\n",
			[]sample{{ttl: 1, number: 1, rtt: 156_000}, {ttl: 2, rtt: 78_000}}},
		{"scamper", parseScamper, `{"type":"cycle-start"}
{"type":"trace","hops":[{"addr":"198.18.1.2", "probe_ttl":1, "probe_id":3, "rtt":0.133},{"probe_ttl":2, "probe_id":1, "rtt":4294967.251}]}
{"type":"cycle-stop"}`, []sample{{ttl: 1, number: 2, rtt: 133_000}, {ttl: 2, rtt: 4294967251 * time.Microsecond}}},
		{"ours", parseOurs, `{"schema":"ebpftrace.trace/1","hops":[{"ttl":4,"probes":[
{"ttl":6,"sent_at":"2026-11-22T08:36:56.881446525Z","status":"answered","rtt_ns":176509,"source":"kernel"},
{"ttl":4,"sent_at":"2026-11-22T08:36:56.9Z","status":"lost"},{"ttl":4,"status":"not_sent","error":"no"}]}]}`,
			[]sample{{ttl: 6, rtt: 176_509, source: "kernel", sentAt: time.Date(2026, 11, 22, 8, 36, 56, 881446525, time.UTC)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.parse([]byte(tt.out))
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

// Output that is not understood is an error, not a missing sample.
func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct {
		parse func([]byte) ([]sample, error)
		out   string
	}{
		{parseTraceroute, "Cannot handle host\n"}, {parseTraceroute, " 1  198.18.1.2  what ms\n"}, {parseTraceroute, " 1 ms\n"},
		{parseMTR, "p 0 156 33000\n"}, {parseMTR, "x 0\n"}, {parseMTR, "x 0 1\np 0 1\n"}, {parseMTR, "x zero 1\n"},
		{parseScamper, "{"}, {parseScamper, `{"type":"trace","hops":[{"probe_ttl":1}]}`},
		{parseOurs, ""}, {parseOurs, `{"schema":"ebpftrace.trace/2"}`}, {parseOurs, `{"schema":"ebpftrace.trace/1","error":"broken"}`},
	} {
		if got, err := tt.parse([]byte(tt.out)); err == nil {
			t.Errorf("%q: got %+v", tt.out, got)
		}
	}
}

func TestReadTimings(t *testing.T) {
	got, err := readTimings("  -n, --numeric  don't\n      --timing string          where times are taken: auto|kernel|tcx|socket|user (default \"auto\")\n      --json  write\n")
	if err != nil || !slices.Equal(got, []string{"kernel", "tcx", "socket", "user"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := readTimings("--json only"); err == nil {
		t.Errorf("got %v", got)
	}
}

// A coarser capture would prove nothing, and a cut one not all.
func TestReadFramesRefuses(t *testing.T) {
	var coarse, cooked bytes.Buffer
	pcapgo.NewWriter(&coarse).WriteFileHeader(256, layers.LinkTypeEthernet)
	pcapgo.NewWriterNanos(&cooked).WriteFileHeader(256, layers.LinkTypeLinuxSLL)
	cut := bytes.NewBuffer(bytes.Clone(coarse.Bytes()))
	copy(cut.Bytes(), "\x4d\x3c\xb2\xa1")
	cut.WriteString("\x00\x00")
	for _, file := range [][]byte{nil, coarse.Bytes(), cooked.Bytes(), cut.Bytes()} {
		if got, err := readFrames(bytes.NewReader(file)); err == nil {
			t.Errorf("% x: got %v", file, got)
		}
	}
}

// A wall clock that was set is noticed, one that runs on is not.
func TestUnstepped(t *testing.T) {
	offset, err := wallOffset()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * ms)
	if err := unstepped(offset); err != nil {
		t.Error(err)
	}
	for _, step := range []time.Duration{-5 * time.Microsecond, 5 * time.Microsecond} {
		if err := unstepped(offset + step); !errors.Is(err, errStepped) {
			t.Errorf("a step by %v: %v", step, err)
		}
	}
}

func TestFindHierarchy(t *testing.T) {
	const unified = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n"
	for _, tt := range []struct {
		mounts, dir string
		unified     bool
	}{
		{unified + "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n", "/sys/fs/cgroup/unified", true},
		{unified + "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n", "/sys/fs/cgroup/cpu,cpuacct", false},
		{"proc /proc proc rw 0 0\nodd\n", "", false},
	} {
		got, ok := findHierarchy(tt.mounts)
		if got.dir != tt.dir || got.unified != tt.unified || ok != (tt.dir != "") {
			t.Errorf("%q: got %+v, %v", tt.mounts, got, ok)
		}
	}
}
