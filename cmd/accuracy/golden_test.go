package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recorded are real runs of real tools, and what they come to: the samples,
// those inside, the median of the misses in nanoseconds, and the first sample.
// See testdata/README.md for the versions. That of traceroute's ICMP was found by
// another program too, out of tcpdump's text; scamper's first time by packet
// taps has wrapped around.
var recorded = []struct {
	dir             string
	parse           func([]byte) ([]sample, error)
	samples, inside int
	median          time.Duration
	firstTTL        int
	first           time.Duration
}{
	{"idle-ebpftrace-kernel-udp-4", parseOurs, 20, 20, 0, 1, 25117},
	{"idle-ebpftrace-kernel-tcp-6", parseOurs, 20, 20, 0, 1, 44322},
	{"idle-traceroute-udp-6", parseTraceroute, 20, 0, 6149, 1, 92000},
	{"idle-traceroute-icmp-4", parseTraceroute, 20, 0, 4093, 1, 86000},
	{"idle-traceroute-tcp-4", parseTraceroute, 20, 0, 5745, 1, 83000},
	{"delay-traceroute-udp-4", parseTraceroute, 21, 0, 3272, 2, 20740000},
	{"idle-mtr-udp-4", parseMTR, 21, 0, 47461, 1, 88000},
	{"idle-mtr-tcp-6", parseMTR, 21, 0, 97980, 1, 137000},
	{"idle-scamper-udp-4", parseScamper, 20, 0, 8460, 1, 48000},
	{"idle-scamper-tcp-6", parseScamper, 20, 0, 2936, 1, 32000},
	{"delay-scamper-udp-6", parseScamper, 21, 0, 16991, 2, 20353000},
	{"idle-scamper-dl-icmp-4", parseScamper, 20, 3, 3480, 1, 4294967259000},
}

// judgeRecording is what a row does with a run.
func judgeRecording(t *testing.T, dir string, parse func([]byte) ([]sample, error)) ([]sample, tally) {
	t.Helper()
	out, err := os.ReadFile(filepath.Join("testdata", dir, "run0.out"))
	if err != nil {
		t.Fatal(err)
	}
	samples, err := parse(out)
	if err != nil {
		t.Fatal(err)
	}
	var ends [2][]exchange
	for i, name := range []string{"near.pcap", "far.pcap"} {
		frames, err := readCapture(filepath.Join("testdata", dir, name))
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = follow(frames, isTestClient)
	}
	rounding := microsecond
	if strings.Contains(dir, ourName) {
		rounding = 0
	}
	all := run{start: time.Unix(0, 0), end: time.Now().AddDate(100, 0, 0), samples: samples}
	return samples, judge([]run{all}, pair(ends[0], ends[1]), rounding)
}

func TestRecordings(t *testing.T) {
	for _, tt := range recorded {
		t.Run(tt.dir, func(t *testing.T) {
			samples, got := judgeRecording(t, tt.dir, tt.parse)
			if got.Samples != tt.samples || got.Inside != tt.inside || got.Unmatched != 0 {
				t.Errorf("%d samples, %d inside, %d unmatched, want %d, %d, 0", got.Samples, got.Inside, got.Unmatched, tt.samples, tt.inside)
			}
			if got.Miss != nil && (got.Miss.P50.Truncate(10) != tt.median.Truncate(10)) || (got.Miss == nil) != (tt.median == 0) {
				t.Errorf("misses %+v, want a median of %v", got.Miss, tt.median)
			}
			if samples[0].ttl != tt.firstTTL || samples[0].rtt != tt.first {
				t.Errorf("first %+v, want TTL %d, %v", samples[0], tt.firstTTL, tt.first)
			}
		})
	}
}
