package record

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// decode gives back what was encoded; see document.decode.
func (d *searchDocument) decode(answers map[int][]byte) (*Recording, error) {
	s := &Search{
		Header: output.MultipathHeader{Header: d.header(), Confidence: d.Confidence, Again: output.Again(d.Again)},
		Err:    failure(d.Error),
	}
	for _, name := range []string{d.Header.Protocol, d.Result.Protocol} {
		if _, err := probe.ByName(name); err != nil {
			return nil, fmt.Errorf("is damaged: %w", err)
		}
	}
	var err error
	if s.Result, err = d.Result.decode(answers); err != nil {
		return nil, err
	}
	return &Recording{Program: output.Safe(d.Program), LeftOut: d.LeftOut, Search: s}, nil
}

func (j *resultJSON) decode(answers map[int][]byte) (*multipath.Result, error) {
	if err := j.check(); err != nil {
		return nil, err
	}
	r := &multipath.Result{
		Source: j.Source, Target: j.Target, Protocol: j.Protocol, Flow: probe.Flow(j.Flow), Started: j.Started,
		Elapsed: j.Elapsed, Wanted: j.Wanted, Confidence: j.Confidence, Lite: j.Lite, Spent: j.Spent, Theory: j.Theory,
		Flows: len(j.Paths), Destinations: j.Destinations, At: j.At, Paths: j.Paths,
		Counters: j.Counters, Tally: j.Tally, NextIdent: j.NextIdent,
	}
	var err error
	if r.Stop, err = named("stop reason", j.Stop, tracer.StopReached, tracer.StopFailed); err != nil {
		return nil, err
	}
	for _, n := range j.Nodes {
		node, err := n.decode()
		if err != nil {
			return nil, err
		}
		r.Nodes = append(r.Nodes, node)
	}
	for _, l := range j.Links {
		r.Links = append(r.Links, multipath.Link(l))
	}
	for _, d := range j.Diamonds {
		r.Diamonds = append(r.Diamonds, multipath.Diamond(d))
	}
	for _, d := range j.Doubts {
		d.Why = multipath.Reason(output.Safe(string(d.Why)))
		r.Doubts = append(r.Doubts, multipath.Doubt(d))
	}
	return r, j.probes(r, answers)
}

func (n searchNode) decode() (*multipath.Node, error) {
	balance, err := named("kind of balancing", n.Balance, multipath.BalanceNone, multipath.BalanceUnknown)
	return &multipath.Node{
		Hop: n.Hop, Addr: n.Addr, Flows: n.Flows, Probes: n.Probes, Answered: n.Answered, Balance: balance,
		Missed: n.Missed, Target: n.Target, Unreachable: n.Unreachable, Loop: n.Loop, Elsewhere: n.Elsewhere,
	}, err
}

// probes gives back the probes, and the times of the nodes.
func (j *resultJSON) probes(r *multipath.Result, answers map[int][]byte) error {
	for i := range j.Probes {
		p, err := j.Probes[i].decode(answers)
		if err != nil {
			return err
		}
		r.Probes = append(r.Probes, p)
		if node := r.At[i]; node >= 0 && p.Timing.Name != "" {
			r.Nodes[node].RTT.Add(p.RTT)
		}
	}
	return nil
}
