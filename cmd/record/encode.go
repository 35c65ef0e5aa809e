package record

import (
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// encode describes a run whose packets have been put in order.
func (r *Recorder) encode(program string, h output.Header, t *tracer.Trace, failed error, c capture) document {
	d := document{r.preamble(Format, program, h, failed, c), encodeTrace(t, c)}
	if h.Origins != nil {
		d.Origins = networks(h.Origins, t)
	}
	return d
}

// preamble is all of it but for the networks.
func (r *Recorder) preamble(format, program string, h output.Header, failed error, c capture) preamble {
	p := preamble{
		Format: format, Program: program, Offset: c.offset, Packets: len(c.packets), LeftOut: r.leftOut,
		Header: encodeHeader(h), Error: text(failed),
	}
	if h.Names != nil {
		p.Names = r.names.all()
	}
	return p
}

func encodeHeader(h output.Header) header {
	return header{
		Target: h.Target, Address: h.Address, Host: h.Host, Source: h.Source, Interface: h.Interface,
		Protocol: h.Protocol, Port: h.Port, MaxTTL: h.MaxTTL, Size: h.Size, Timing: h.Timing, Rung: h.Rung,
		Notes: h.Notes, Stamps: h.Stamps, Diff: h.Diff, Back: h.Back, Unquoted: h.Unquoted, Started: h.Started,
	}
}

func encodeTrace(t *tracer.Trace, c capture) traceJSON {
	j := traceJSON{
		Source: t.Source, Target: t.Target, Protocol: t.Protocol, Flow: flow(t.Flow), Started: t.Started,
		Elapsed: t.Elapsed, Stop: t.Stop.String(), Counters: t.Counters, Tally: t.Tally, NextIdent: t.NextIdent,
	}
	j.Hops = encodeHops(t.Hops, c)
	for _, r := range t.Rounds {
		j.Rounds = append(j.Rounds, round{r.Interval, encodeHops(r.Hops, c)})
	}
	return j
}

func encodeHops(hops []tracer.Hop, c capture) (all []hop) {
	for _, h := range hops {
		e := hop{TTL: h.TTL}
		for _, p := range h.Probes {
			e.Probes = append(e.Probes, encodeProbe(p, c))
		}
		all = append(all, e)
	}
	return all
}

func encodeProbe(p tracer.Probe, c capture) probeJSON {
	j := probeJSON{
		TTL: p.TTL, Query: p.Query, Flow: p.Flow, Ident: p.Ident, Size: p.Size, State: p.State.String(), SentAt: p.SentAt,
		Duplicates: p.Duplicates, Rewritten: p.Rewritten, Error: text(p.Err),
		Packet: c.sent[p.Ident], Answer: c.heard[p.Ident], Stamps: map[string]int64{},
	}
	for point, at := range p.Stamps {
		if at != 0 {
			j.Stamps[stamp.Point(point).String()] = int64(at)
		}
	}
	return j
}

// text is an error's, empty for nil.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
