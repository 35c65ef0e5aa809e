package output

import (
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// jsonName is the longest name in JSON: that of the DNS (RFC 1035, 2.3.4).
const jsonName = 253

// hop is what was learned with probes of one TTL.
type hop struct {
	TTL    int         `json:"ttl"`
	Probes []probeJSON `json:"probes"`
}

// probeJSON is a probe and its answer. Of the fields behind stamps, and of
// those about the sender of the answer, only those that apply are there.
type probeJSON struct {
	// TTL is what the probe left with: more than the hop's if it ran past
	// the target.
	TTL    int    `json:"ttl"`
	Query  int    `json:"query"` // number at the hop, from 0
	Flow   int    `json:"flow"`
	SentAt string `json:"sent_at,omitempty"` // wall clock, RFC 3339
	Status string `json:"status"`            // a tracer.State
	From   string `json:"from,omitempty"`    // who answered
	Name   string `json:"name,omitempty"`    // its name, if one was found in time
	// Origin is its network, if one was asked for and found in time.
	Origin *originJSON `json:"origin,omitempty"`
	// RTT is in nanoseconds of CLOCK_MONOTONIC, Source the pair of stamps
	// that it was taken from. Neither is there if no pair is whole.
	RTT    *int64 `json:"rtt_ns,omitempty"`
	Source string `json:"source,omitempty"`
	// Stamps holds those that were taken, by stamp.Point.
	Stamps map[string]int64 `json:"stamps,omitempty"`
	// Delay says where the time between the outermost stamps went.
	Delay      []part    `json:"delay,omitempty"`
	Kind       string    `json:"kind,omitempty"`      // kinds
	ICMPType   *uint8    `json:"icmp_type,omitempty"` // only of ICMP answers
	ICMPCode   *uint8    `json:"icmp_code,omitempty"`
	ReplyTTL   *uint8    `json:"reply_ttl,omitempty"` // as the answer arrived
	Back       *backJSON `json:"reply_path,omitempty"`
	MTU        int       `json:"mtu,omitempty"`        // of a packet too big
	Duplicates int       `json:"duplicates,omitempty"` // answers after the first
	// Rewritten is there if an address translator changed the quote.
	Rewritten  bool        `json:"rewritten,omitempty"`
	Extensions []extension `json:"extensions,omitempty"`
	Error      string      `json:"error,omitempty"` // why it was not sent
}

// part is the way from one stamp to the next.
type part struct {
	From string `json:"from"` // a stamp.Point
	To   string `json:"to"`
	Part string `json:"part"` // what lies between: queue, network
	Time int64  `json:"ns"`
}

// kinds names the kinds of answers.
var kinds = map[wire.Kind]string{
	wire.TimeExceeded:     "time_exceeded",
	wire.Unreachable:      "unreachable",
	wire.PacketTooBig:     "packet_too_big",
	wire.ParameterProblem: "parameter_problem",
	wire.EchoReply:        "echo_reply",
	wire.SynAck:           "syn_ack",
	wire.Reset:            "reset",
	wire.UDPReply:         "udp_reply",
}

func newHops(h Header, hops []tracer.Hop) []hop {
	all := make([]hop, len(hops)) // an empty list, never null
	for i, t := range hops {
		all[i] = hop{TTL: t.TTL, Probes: make([]probeJSON, len(t.Probes))}
		for k, p := range t.Probes {
			all[i].Probes[k] = newProbe(h, p)
			all[i].Probes[k].Back = wayBack(p, t.TTL)
		}
	}
	return all
}

func newProbe(h Header, p tracer.Probe) probeJSON {
	j := probeJSON{
		TTL: p.TTL, Query: p.Query, Flow: p.Flow,
		Status: p.State.String(), Stamps: stamps(p.Stamps),
	}
	if p.State == tracer.NotSent {
		j.Error = message(p.Err)
		return j
	}
	j.SentAt = wall(p.SentAt)
	if p.State.Heard() {
		j.answer(h, p)
	}
	return j
}

func (j *probeJSON) answer(h Header, p tracer.Probe) {
	a := p.Answer
	j.From, j.Name = Plain(a.From).String(), h.name(a.From, jsonName)
	j.Origin = h.originJSON(a.From)
	if p.Timing.Name != "" {
		rtt := p.RTT.Nanoseconds()
		j.RTT, j.Source = &rtt, p.Timing.Name
	}
	j.Kind, j.ReplyTTL, j.MTU = kinds[a.Kind], &a.TTL, a.MTU
	if a.ICMP {
		j.ICMPType, j.ICMPCode = &a.Type, &a.Code
	}
	j.Delay = delay(p.Stamps)
	j.Duplicates, j.Rewritten = p.Duplicates, p.Rewritten
	j.Extensions = newExtensions(a.Extensions)
}

func stamps(set stamp.Set) map[string]int64 {
	taken := make(map[string]int64)
	for point, at := range set {
		if at != 0 {
			taken[stamp.Point(point).String()] = int64(at)
		}
	}
	return taken
}

func delay(set stamp.Set) []part {
	var all []part
	for _, s := range set.Spans() {
		all = append(all, part{s.From.String(), s.To.String(), s.Parts, s.Time.Nanoseconds()})
	}
	return all
}
