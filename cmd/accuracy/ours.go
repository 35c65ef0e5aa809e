package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ourMost is the largest -q of ebpftrace.
const ourMost = 100

// ours returns the tool that takes times by one choice of --timing.
func ours(program, timing string) tool {
	return tool{
		name: "ebpftrace " + timing, program: program, version: []string{"--version"},
		args:  func(p probing) []string { return ourArgs(p, timing) },
		parse: parseOurs,
		ours:  true,
	}
}

func ourArgs(p probing, timing string) []string {
	args := []string{"-n", "-" + p.family, "--json", "--timing", timing, "-f", p.firstTTL(), "-q", p.perHop(ourMost)}
	switch p.protocol {
	case "icmp":
		args = append(args, "-I")
	case "tcp":
		args = append(args, "-T")
	}
	return append(args, p.target.String())
}

// ourTrace is what we need of an ebpftrace.trace/1 document.
type ourTrace struct {
	Schema string `json:"schema"`
	Error  string `json:"error"`
	Hops   []struct {
		Probes []struct {
			// TTL is the probe's own: a target's hop also has probes that
			// left with more.
			TTL    int       `json:"ttl"`
			SentAt time.Time `json:"sent_at"`
			RTT    *int64    `json:"rtt_ns"`
			Source string    `json:"source"`
		} `json:"probes"`
	} `json:"hops"`
}

// parseOurs reads the document of a trace. Probes sent beyond the end are not
// in it, hence sent_at instead of numbers.
func parseOurs(out []byte) ([]sample, error) {
	var t ourTrace
	if err := json.Unmarshal(out, &t); err != nil {
		return nil, fmt.Errorf("ebpftrace wrote no JSON document: %w", err)
	}
	if t.Schema != "ebpftrace.trace/1" || t.Error != "" {
		return nil, fmt.Errorf("ebpftrace: schema %q, error %q", t.Schema, t.Error)
	}
	var samples []sample
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.RTT != nil {
				samples = append(samples, sample{ttl: p.TTL, sentAt: p.SentAt, rtt: time.Duration(*p.RTT), source: p.Source})
			}
		}
	}
	return samples, nil
}

var timingChoices = regexp.MustCompile(`--timing\b.*?([a-z-]+(?:\|[a-z-]+)+)`)

// timings asks the program which choices of --timing it has. "auto" stands for
// one of the others, so it is left out.
func timings(program string) ([]string, error) {
	help, err := exec.Command(program, "--help").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --help: %w", program, err)
	}
	return readTimings(string(help))
}

func readTimings(help string) ([]string, error) {
	found := timingChoices.FindStringSubmatch(strings.ReplaceAll(help, "\n", " "))
	if found == nil {
		return nil, fmt.Errorf("the help names no choices of --timing")
	}
	choices := strings.Split(found[1], "|")
	return slices.DeleteFunc(choices, func(s string) bool { return s == "auto" }), nil
}
