package record

import (
	"errors"
	"fmt"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// decode gives back what was encoded. Answers are parsed from their packets.
func (d *document) decode(answers map[int][]byte) (*Recording, error) {
	r := &Recording{Program: output.Safe(d.Program), Header: d.header(), LeftOut: d.LeftOut, Err: failure(d.Error)}
	for _, name := range []string{d.Header.Protocol, d.Trace.Protocol} {
		if _, err := probe.ByName(name); err != nil {
			return nil, fmt.Errorf("is damaged: %w", err)
		}
	}
	var err error
	r.Trace, err = d.Trace.decode(answers)
	return r, err
}

// header gives back the header, with names and networks.
func (p *preamble) header() output.Header {
	h := p.Header.decode()
	if p.Names != nil {
		h.Names = book(p.Names)
	}
	if p.Origins != nil {
		h.Origins = register(p.Origins)
	}
	return h
}

func (h header) decode() output.Header {
	o := output.Header{
		Target: h.Target, Address: h.Address, Host: h.Host, Source: h.Source, Interface: h.Interface,
		Protocol: h.Protocol, Port: h.Port, MaxTTL: h.MaxTTL, Size: h.Size, Timing: h.Timing, Rung: h.Rung,
		Stamps: h.Stamps, Diff: h.Diff, Back: h.Back, Unquoted: h.Unquoted, Started: h.Started,
	}
	for _, note := range h.Notes {
		o.Notes = append(o.Notes, output.Safe(note))
	}
	return o
}

func (j *traceJSON) decode(answers map[int][]byte) (*tracer.Trace, error) {
	t := &tracer.Trace{
		Source: j.Source, Target: j.Target, Protocol: j.Protocol, Flow: probe.Flow(j.Flow), Started: j.Started,
		Elapsed: j.Elapsed, Counters: j.Counters, Tally: j.Tally, NextIdent: j.NextIdent,
	}
	var err error
	if t.Stop, err = named("stop reason", j.Stop, tracer.StopReached, tracer.StopFailed); err != nil {
		return nil, err
	}
	if t.Hops, err = decodeHops(j.Hops, answers); err != nil {
		return nil, err
	}
	for _, r := range j.Rounds {
		hops, err := decodeHops(r.Hops, answers)
		if err != nil {
			return nil, err
		}
		t.Rounds = append(t.Rounds, tracer.Round{Interval: r.Interval, Hops: hops})
	}
	return t, nil
}

func decodeHops(hops []hop, answers map[int][]byte) (all []tracer.Hop, err error) {
	for _, h := range hops {
		if h.TTL < 0 || h.TTL > 255 {
			return nil, fmt.Errorf("is damaged: there is no TTL %d", h.TTL)
		}
		decoded := tracer.Hop{TTL: h.TTL}
		for _, p := range h.Probes {
			q, err := p.decode(answers)
			if err != nil {
				return nil, err
			}
			decoded.Probes = append(decoded.Probes, q)
		}
		all = append(all, decoded)
	}
	return all, nil
}

func (j *probeJSON) decode(answers map[int][]byte) (p tracer.Probe, err error) {
	p = tracer.Probe{
		TTL: j.TTL, Query: j.Query, Flow: j.Flow, Ident: j.Ident, Size: j.Size, SentAt: j.SentAt,
		Duplicates: j.Duplicates, Rewritten: j.Rewritten, Err: failure(j.Error),
	}
	if p.State, err = named("state", j.State, tracer.NotSent, tracer.Unreachable); err != nil {
		return p, err
	}
	for name, at := range j.Stamps {
		point, err := named("stamp", name, stamp.UserSend, stamp.UserReceive)
		if err != nil {
			return p, err
		}
		p.Stamps[point] = stamp.Mono(at)
	}
	if p.TTL < 0 || p.TTL > 255 || p.Duplicates < 0 {
		return p, fmt.Errorf("is damaged: a probe of TTL %d with %d duplicates", p.TTL, p.Duplicates)
	}
	if !p.State.Heard() {
		return p, nil
	}
	if p.RTT, p.Timing, err = p.Stamps.RTT(); err != nil {
		return p, fmt.Errorf("is damaged: %w", err)
	}
	p.Answer, err = parse(j.Answer, answers)
	return p, err
}

// parse reads what an answer says.
func parse(number int, answers map[int][]byte) (wire.Answer, error) {
	packet, ok := answers[number]
	if !ok {
		return wire.Answer{}, fmt.Errorf("is damaged: packet %d should be an answer", number)
	}
	a, err := wire.ParseAnswer(packet)
	if err != nil {
		return a, fmt.Errorf("is damaged: packet %d: %w", number, err)
	}
	return a.Kept(), nil
}

// named finds what has a name among those from first to last.
func named[T interface {
	~uint8
	String() string
}](what, name string, first, last T) (T, error) {
	for v := first; v <= last; v++ {
		if v.String() == name {
			return v, nil
		}
	}
	return first, fmt.Errorf("is damaged: there is no %s %q", what, output.Safe(name))
}

func failure(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}
