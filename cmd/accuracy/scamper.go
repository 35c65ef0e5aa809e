package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
)

// scamperMost is the largest -q of scamper's traces; scamperPace is in packets
// per second, so that its own answers set the pace.
const (
	scamperMost = 20
	scamperPace = "1000"
)

// scamperMethod returns what keeps the flow, as ours do. In IPv6, scamper
// 20211212 does not know the answers to its udp-paris.
func scamperMethod(p probing) string {
	switch {
	case p.protocol == "icmp":
		return "icmp-paris"
	case p.protocol == "udp" && p.family == "4":
		return "udp-paris"
	}
	return p.protocol
}

// scamperArgs returns a run's arguments with further options for its trace.
func scamperArgs(options string) func(probing) []string {
	return func(p probing) []string {
		trace := fmt.Sprintf("trace -P %s -Q -f %d -q %s%s", scamperMethod(p), p.first, p.perHop(scamperMost), options)
		return []string{"-p", scamperPace, "-O", "json", "-o", "-", "-c", trace, "-i", p.target.String()}
	}
}

// scamperTrace is the line of scamper's JSON that is about a trace.
type scamperTrace struct {
	Type string `json:"type"`
	Hops []struct {
		TTL int         `json:"probe_ttl"`
		ID  int         `json:"probe_id"` // of a hop's attempts, from 1
		RTT json.Number `json:"rtt"`      // ms
	} `json:"hops"`
}

// maxLine is larger than any line of scamper's: a trace is one.
const maxLine = 1 << 22

// parseScamper reads scamper's JSON lines.
func parseScamper(out []byte) ([]sample, error) {
	var samples []sample
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var t scamperTrace
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("scamper line %.80q: %w", lines.Text(), err)
		}
		if t.Type != "trace" {
			continue
		}
		for _, h := range t.Hops {
			rtt, err := milliseconds(h.RTT.String())
			if err != nil {
				return nil, fmt.Errorf("scamper hop %d: %w", h.TTL, err)
			}
			samples = append(samples, sample{ttl: h.TTL, number: h.ID - 1, rtt: rtt})
		}
	}
	return samples, lines.Err()
}
