package main

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// mtrMost bounds the cycles of a run, of mtrInterval seconds each; mtrGrace is
// the wait for the answers to the last.
const (
	mtrMost     = 100
	mtrInterval = "0.02"
	mtrGrace    = "0.5"
)

func mtrArgs(p probing) []string {
	args := []string{"-n", "-" + p.family, "--raw", "-f", p.firstTTL(), "-c", p.perHop(mtrMost), "-i", mtrInterval, "-G", mtrGrace}
	switch p.protocol {
	case "udp":
		args = append(args, "-u")
	case "tcp":
		args = append(args, "-T")
	}
	return append(args, p.target.String())
}

// parseMTR reads mtr's raw output, whose microseconds are finer than what its
// reports have: "x HOP SEQUENCE" for each probe sent and "p HOP RTT SEQUENCE"
// for each answer, with hops from 0.
func parseMTR(out []byte) ([]sample, error) {
	var samples []sample
	sent := make(map[int]int)       // probes by hop
	numbers := make(map[[2]int]int) // of a hop's probes, by hop and sequence
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		want := map[string]int{"x": 2, "p": 3}[kind]
		if want == 0 {
			continue // names and addresses
		}
		n, err := integers(rest, want)
		if err != nil {
			return nil, fmt.Errorf("mtr line %q: %w", lines.Text(), err)
		}
		probe := [2]int{n[0], n[want-1]}
		if kind == "x" {
			numbers[probe] = sent[n[0]]
			sent[n[0]]++
			continue
		}
		number, ok := numbers[probe]
		if !ok {
			return nil, fmt.Errorf("mtr line %q: no such probe", lines.Text())
		}
		samples = append(samples, sample{ttl: n[0] + 1, number: number, rtt: time.Duration(n[1]) * time.Microsecond})
	}
	return samples, lines.Err()
}

// integers reads that many numbers.
func integers(s string, count int) ([]int, error) {
	fields := strings.Fields(s)
	if len(fields) != count {
		return nil, fmt.Errorf("%d fields, want %d", len(fields), count)
	}
	numbers := make([]int, count)
	for i, f := range fields {
		var err error
		if numbers[i], err = strconv.Atoi(f); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}
