package main

import (
	"encoding/json"
	"fmt"
	"time"
)

// document is the part of a trace in JSON that is looked at here.
type document struct {
	Hops []struct {
		Probes []probe `json:"probes"`
	} `json:"hops"`
}

type probe struct {
	Status string        `json:"status"`
	RTT    time.Duration `json:"rtt_ns"`
	Source string        `json:"source"`
	Stamps stamps        `json:"stamps"`
}

// stamps are those of one probe, in nanoseconds of CLOCK_MONOTONIC. Not every
// kernel takes those between the tcx programs.
type stamps struct {
	Egress  time.Duration `json:"tcx_egress"`
	Driver  time.Duration `json:"driver_start"`
	Receive time.Duration `json:"receive"`
	Ingress time.Duration `json:"tcx_ingress"`
}

// String tells them from the first on, so that they can be read.
func (s stamps) String() string {
	return fmt.Sprintf("driver %v, receive %v, ingress %v after egress",
		s.Driver-s.Egress, s.Receive-s.Egress, s.Ingress-s.Egress)
}

// answers returns those probes of the only hop of a trace in JSON that were
// answered in time. All of them must be timed by the kernel.
func answers(text []byte) (all []probe, err error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	if len(d.Hops) != 1 {
		return nil, fmt.Errorf("%d hops, want 1", len(d.Hops))
	}
	for _, p := range d.Hops[0].Probes {
		if p.Status != "answered" {
			continue
		}
		if p.Source == "" || p.Source == "user" {
			return nil, fmt.Errorf("an answer is timed by %q, not by the kernel", p.Source)
		}
		all = append(all, p)
	}
	return all, nil
}
