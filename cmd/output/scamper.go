package output

import (
	"encoding/json"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

type scamper struct {
	w      io.Writer
	header Header
}

func newScamper(w io.Writer) Writer { return &scamper{w: w} }

func (s *scamper) Start(h Header) error {
	s.header = h
	return nil
}

func (s *scamper) Hop(tracer.Hop) error { return nil }

// End writes one line. Errors have no place here, but for the stop reason.
func (s *scamper) End(t *tracer.Trace, _ error) error {
	h := s.header
	if t == nil {
		t = &tracer.Trace{Stop: tracer.StopFailed}
	}
	d := scamperTrace{
		Type: "trace", Version: "0.1", Method: scamperMethods[h.Protocol],
		Source: Plain(h.Source).String(), Target: Plain(h.Address).String(),
		StopReason: scamperReason(t.Stop), StopData: stopData(t), Start: newScamperTime(started(h, t)),
		HopCount: lastTTL(t), HopLimit: h.MaxTTL, FirstHop: firstTTL(t), TOS: t.Flow.TrafficClass,
		ProbeSize: h.Size, ProbeCount: t.Tally.Sent,
	}
	d.Start.Formatted = started(h, t).Format(time.DateTime)
	if h.Port != 0 {
		d.SourcePort, d.TargetPort = &t.Flow.SourcePort, &h.Port
	} else {
		d.ICMPSum = icmpChecksum(t)
	}
	for _, hop := range t.Hops {
		d.Attempts = max(d.Attempts, len(hop.Probes))
		for i := range hop.Probes {
			if p := &hop.Probes[i]; p.State.Heard() {
				d.Hops = append(d.Hops, s.hop(hop.TTL, p))
			}
		}
	}
	return json.NewEncoder(s.w).Encode(d)
}

func (s *scamper) hop(ttl int, p *tracer.Probe) scamperHop {
	a := &p.Answer
	h := scamperHop{
		Addr: Plain(a.From).String(), Name: s.header.name(a.From, jsonName), TTL: ttl, ID: p.Query + 1,
		ProbeSize: s.header.Size, Sent: newScamperTime(p.SentAt),
		ReplyTTL: a.TTL, ReplyTOS: a.TrafficClass, ReplyID: a.ID, ReplySize: a.Length,
	}
	if p.Timing.Name != "" {
		rtt := milliseconds(p.RTT)
		h.RTT = &rtt
	}
	if a.ICMP {
		h.Type, h.Code = &a.Type, &a.Code
	}
	if flags, ok := tcpFlags[a.Kind]; ok {
		h.Flags = &flags
	}
	if q := a.Quote; q != nil {
		h.QuotedTTL, h.QuotedSize, h.QuotedTOS = &q.TTL, &q.Length, &q.TrafficClass
	}
	h.Extensions = newScamperExtensions(newExtensions(a.Extensions))
	return h
}

// scamperMethods names the ways to probe that keep to one flow.
var scamperMethods = map[string]string{"udp": "udp-paris", "icmp": "icmp-echo-paris", "tcp": "tcp"}

// tcpFlags are the flags that make an answer what it is (RFC 9293, 3.1).
var tcpFlags = map[wire.Kind]int{wire.SynAck: 0x12, wire.Reset: 0x14}

func scamperReason(s tracer.StopReason) string {
	return map[tracer.StopReason]string{
		tracer.StopReached: "COMPLETED", tracer.StopUnreachable: "UNREACH", tracer.StopGap: "GAPLIMIT",
		tracer.StopMaxTTL: "HOPLIMIT", tracer.StopInterrupted: "HALTED", tracer.StopFailed: "ERROR",
	}[s]
}

// stopData is the ICMP code of an unreachable, else 0.
func stopData(t *tracer.Trace) int {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.State == tracer.Unreachable {
				return int(p.Answer.Code)
			}
		}
	}
	return 0
}

func firstTTL(t *tracer.Trace) int {
	if len(t.Hops) == 0 {
		return 1
	}
	return t.Hops[0].TTL
}

// icmpChecksum is that of every echo request of the trace; nil if none was sent.
func icmpChecksum(t *tracer.Trace) *uint16 {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			packet, err := t.Packet(p)
			if err != nil {
				continue
			}
			at := wire.IPv4HeaderLen + 2
			if t.Target.Is6() {
				at = wire.IPv6HeaderLen + 2
			}
			sum := uint16(packet[at])<<8 | uint16(packet[at+1])
			return &sum
		}
	}
	return nil
}
