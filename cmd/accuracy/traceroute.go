package main

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// tracerouteMost is the largest -q of traceroute(8).
const tracerouteMost = 10

func tracerouteArgs(p probing) []string {
	args := []string{"-n", "-" + p.family, "-f", p.firstTTL(), "-q", p.perHop(tracerouteMost)}
	switch p.protocol {
	case "icmp":
		args = append(args, "-I")
	case "tcp":
		args = append(args, "-T")
	}
	return append(args, p.target.String())
}

// parseTraceroute reads the lines of hops, as in
//
//	2  198.18.2.2  0.474 ms * 198.18.2.9  0.412 ms !H
//
// where each time and each asterisk is a probe, in the order of sending.
func parseTraceroute(out []byte) ([]sample, error) {
	var samples []sample
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] == "traceroute" {
			continue
		}
		ttl, err := strconv.Atoi(fields[0])
		if err != nil {
			return nil, fmt.Errorf("traceroute line %q: no hop number", lines.Text())
		}
		hop, err := tracerouteHop(ttl, fields[1:])
		if err != nil {
			return nil, fmt.Errorf("traceroute line %q: %w", lines.Text(), err)
		}
		samples = append(samples, hop...)
	}
	return samples, lines.Err()
}

func tracerouteHop(ttl int, fields []string) (samples []sample, err error) {
	number := 0
	for i, f := range fields {
		switch f {
		case "*":
			number++
		case "ms":
			s := sample{ttl: ttl, number: number}
			if s.rtt, err = milliseconds(fields[max(i-1, 0)]); err != nil {
				return nil, err
			}
			samples = append(samples, s)
			number++
		}
	}
	return samples, nil
}

// milliseconds reads a decimal number of them without a detour by floating
// point, so that the last digit is the tool's.
func milliseconds(s string) (time.Duration, error) { return time.ParseDuration(s + "ms") }
