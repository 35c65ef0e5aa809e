package output

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// sample is a trace as a Writer gets to see it.
type sample struct {
	name   string
	header Header
	// shown holds the hops that Writer.Hop is called with. Nil means those
	// of the trace.
	shown []tracer.Hop
	trace *tracer.Trace
	err   error
}

var (
	began   = time.Date(2026, 3, 1, 13, 0, 0, 123456000, time.FixedZone("CET", 3600))
	target4 = netip.MustParseAddr("198.51.100.7")
	target6 = netip.MustParseAddr("2001:db8:ffff::7")

	header4 = Header{
		Target: "www.example.net", Address: target4, Host: "client.example",
		Source: netip.MustParseAddr("192.0.2.10"), Interface: "eth0",
		Protocol: "udp", Port: 33434, MaxTTL: 30, Size: 60,
		Timing: "tcx", Rung: "eBPF by tcx", Started: began,
	}
	header6 = Header{
		Target: "2001:db8:ffff::7", Address: target6,
		Source: netip.MustParseAddr("fe80::10%eth0"), Interface: "eth0",
		Protocol: "icmp", MaxTTL: 30, Size: 80, Timing: "tcx", Started: began,
	}
)

// book is a set of names that are known from the start.
type book map[string]string

func (b book) Lookup(netip.Addr) <-chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}

func (b book) Name(addr netip.Addr) (string, bool) { return b[addr.String()], true }

func (h Header) with(change func(*Header)) Header {
	change(&h)
	return h
}

var names4 = book{
	"192.0.2.1":    "gw.example",
	"203.0.113.1":  "core1.isp.example",
	"198.51.100.7": "www.example.net",
}

// heard makes a probe answered by a router after rtt.
func heard(addr string, rtt time.Duration, change ...func(*tracer.Probe)) tracer.Probe {
	a := netip.MustParseAddr(addr)
	typ := uint8(11)
	if a.Is6() {
		typ = 3
	}
	p := tracer.Probe{
		State: tracer.Answered, SentAt: began, RTT: rtt, Timing: timingOf("tcx"),
		Stamps: stamp.Set{
			stamp.UserSend: 1_000_000, stamp.TCXEgress: 1_002_000,
			stamp.TCXIngress: stamp.Mono(1_002_000 + rtt), stamp.UserReceive: stamp.Mono(1_009_000 + rtt),
		},
		Answer: wire.Answer{From: a, TTL: 60, Kind: wire.TimeExceeded, Type: typ, ICMP: true},
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

// says changes what the answer says.
func says(kind wire.Kind, typ, code uint8) func(*tracer.Probe) {
	return func(p *tracer.Probe) { p.Answer.Kind, p.Answer.Type, p.Answer.Code = kind, typ, code }
}

// transport makes the answer one that isn't ICMP.
func transport(kind wire.Kind) func(*tracer.Probe) {
	return func(p *tracer.Probe) { p.Answer = wire.Answer{From: p.Answer.From, TTL: p.Answer.TTL, Kind: kind} }
}

func state(s tracer.State) func(*tracer.Probe) { return func(p *tracer.Probe) { p.State = s } }

func dup(n int) func(*tracer.Probe) {
	return func(p *tracer.Probe) { p.State, p.Duplicates = tracer.Duplicate, n }
}

func mtu(n int) func(*tracer.Probe) {
	return func(p *tracer.Probe) { p.Answer.Kind, p.Answer.MTU = wire.PacketTooBig, n }
}

func byUser(p *tracer.Probe) {
	p.Timing = timingOf("user")
	p.Stamps[stamp.TCXIngress] = 0
}

// refined has every point stamped.
func refined(p *tracer.Probe) {
	p.Timing = timingOf("kernel")
	p.Stamps[stamp.DriverStart] = p.Stamps[stamp.TCXEgress] + 1_400
	p.Stamps[stamp.Receive] = p.Stamps[stamp.TCXIngress] - 900
	p.RTT = p.Stamps[stamp.Receive].Sub(p.Stamps[stamp.DriverStart])
}

func untimed(p *tracer.Probe) {
	p.Timing, p.Stamps = stamp.Timing{}, stamp.Set{stamp.UserSend: 1_000_000}
}

var (
	unanswered  = stamp.Set{stamp.UserSend: 1_000_000, stamp.TCXEgress: 1_002_000}
	portClosed  = says(wire.Unreachable, 3, 3)
	echoReply6  = says(wire.EchoReply, 129, 0)
	lost        = tracer.Probe{State: tracer.Lost, SentAt: began, Stamps: unanswered}
	pending     = tracer.Probe{State: tracer.Sent, SentAt: began, Stamps: unanswered}
	errBuffers  = errors.New("no buffer space available")
	errNoAccess = errors.New("operation not permitted")
)

func notSent(err error) tracer.Probe { return tracer.Probe{Err: err} }

// at numbers the probes of a hop.
func at(ttl int, probes ...tracer.Probe) tracer.Hop {
	h := tracer.Hop{TTL: ttl}
	for i, p := range probes {
		p.TTL, p.Query = ttl, i
		h.Probes = append(h.Probes, p)
	}
	return h
}

// path makes a hop for each address, - for a silent one.
func path(addrs ...string) (hops []tracer.Hop) {
	for i, a := range addrs {
		p := lost
		if a != "-" {
			p = heard(a, time.Duration(i+1)*time.Millisecond)
		}
		hops = append(hops, at(i+1, p))
	}
	return hops
}

func trace(stop tracer.StopReason, elapsed time.Duration, hops ...tracer.Hop) *tracer.Trace {
	return &tracer.Trace{Started: began, Elapsed: elapsed, Stop: stop, Hops: hops}
}

const (
	us = time.Microsecond
	ms = time.Millisecond
)

// samples are the traces that every format is tried on, each with a golden file
// for each format.
func samples() []sample {
	gw := at(1, heard("192.0.2.1", 84_200), heard("192.0.2.1", 90*us), heard("192.0.2.1", 850))
	end := at(3, heard("198.51.100.7", 12_340*us, portClosed), heard("198.51.100.7", 999_960, portClosed),
		heard("198.51.100.7", 1200*ms, portClosed))
	core := at(2, heard("203.0.113.1", 5*ms), heard("203.0.113.1", 5_010*us), heard("203.0.113.1", 5_020*us))
	ran := end
	ran.Probes = append([]tracer.Probe(nil), end.Probes...)
	ran.Probes[2].TTL = 4 // sent past the target
	early := at(2, lost, heard("203.0.113.1", 5*ms), lost)
	named := header4.with(func(h *Header) { h.Names = names4 })
	return []sample{
		{name: "clean v4", header: named, trace: trace(tracer.StopReached, 40*ms, gw, core, ran)},
		{name: "clean v4 numeric", header: header4, trace: trace(tracer.StopReached, 40*ms, gw, core, end)},
		{name: "clean v6", header: header6, trace: trace(tracer.StopReached, 12*ms,
			at(1, heard("fe80::1%eth0", 300*us), heard("fe80::1%eth0", 310*us), heard("fe80::1%eth0", 320*us)),
			at(2, heard("2001:db8:ffff::7", 2*ms, echoReply6), heard("2001:db8:ffff::7", 2*ms, echoReply6),
				heard("2001:db8:ffff::7", 2*ms, echoReply6)))},
		{name: "silent hops", header: named, trace: trace(tracer.StopReached, 3*time.Second,
			gw, early, at(3, lost, lost, lost), at(4, end.Probes...))},
		unreachableSample("unreachable v4", header4, 3, 15, "203.0.113.1"),
		unreachableSample("unreachable v6", header6, 1, 8, "2001:db8::1"),
		{name: "too big v4", header: header4, trace: trace(tracer.StopUnreachable, 8*ms,
			gw, at(2, heard("203.0.113.1", ms, says(wire.PacketTooBig, 3, 4), mtu(1400), state(tracer.Unreachable)),
				heard("203.0.113.1", ms, says(wire.PacketTooBig, 3, 4), mtu(0), state(tracer.Unreachable))))},
		{name: "too big v6", header: header6, trace: trace(tracer.StopUnreachable, 8*ms,
			at(1, heard("2001:db8::1", ms, says(wire.PacketTooBig, 2, 0), mtu(1280), state(tracer.Unreachable))))},
		{name: "parameter problem", header: header6, trace: trace(tracer.StopUnreachable, 8*ms,
			at(1, heard("2001:db8::1", ms, says(wire.ParameterProblem, 4, 1), state(tracer.Unreachable))))},
		{name: "port closed on the way of tcp", header: header4.with(func(h *Header) { h.Protocol, h.Port = "tcp", 443 }),
			trace: trace(tracer.StopUnreachable, 8*ms, at(1, heard("203.0.113.1", ms, portClosed, state(tracer.Unreachable))))},
		{name: "late", header: named, shown: []tracer.Hop{gw, early, end}, trace: trace(tracer.StopReached, 3*time.Second,
			gw, at(2, heard("203.0.113.1", 1_502*ms, state(tracer.Late)), early.Probes[1], lost), end)},
		{name: "duplicate", header: named, trace: trace(tracer.StopReached, 9*ms,
			at(1, heard("192.0.2.1", 90*us, dup(1)), heard("192.0.2.1", 91*us), heard("192.0.2.1", 92*us, dup(12))), core, end)},
		{name: "not sent", header: header4, err: errNoAccess, trace: trace(tracer.StopFailed, 9*ms,
			at(1, heard("192.0.2.1", 90*us), notSent(errBuffers), lost),
			at(2, notSent(errNoAccess), notSent(errNoAccess), notSent(errBuffers)))},
		{name: "changing sources", header: named, trace: trace(tracer.StopReached, 9*ms, gw,
			at(2, lost, heard("203.0.113.1", 5*ms), heard("203.0.113.2", 6*ms)),
			at(3, heard("203.0.113.1", 5*ms), heard("203.0.113.2", 6*ms), heard("203.0.113.1", 5*ms)), at(4, end.Probes...))},
		{name: "loop", header: header4.with(func(h *Header) { h.MaxTTL = 7 }), trace: trace(tracer.StopMaxTTL, 2*time.Second,
			path("192.0.2.1", "203.0.113.1", "203.0.113.2", "203.0.113.1", "-", "203.0.113.1", "203.0.113.2")...)},
		{name: "interrupted", header: named, shown: []tracer.Hop{gw}, trace: trace(tracer.StopInterrupted, 40*ms,
			gw, at(2, core.Probes[0], pending, pending), at(3, pending))},
		{name: "interrupted at once", header: header4, trace: trace(tracer.StopInterrupted, 40*us)},
		{name: "gap", header: header4, trace: trace(tracer.StopGap, 4*time.Second, path("192.0.2.1", "-", "-")...)},
		{name: "failed at once", header: header4, err: errNoAccess, trace: trace(tracer.StopFailed, 40*us)},
		{name: "silence", header: header4, trace: trace(tracer.StopGap, 4*time.Second, path("-")...)},
		{name: "max ttl", header: header4.with(func(h *Header) { h.MaxTTL = 2 }),
			trace: trace(tracer.StopMaxTTL, 20*ms, path("192.0.2.1", "203.0.113.1")...)},
		{name: "failed", header: header4, shown: []tracer.Hop{}, err: errors.New("receiving answers: ring buffer\x1b[2J closed"),
			trace: trace(tracer.StopFailed, 20*ms, gw)},
		{name: "no trace", header: header4, err: errNoAccess},
		{name: "open and closed", header: header4.with(func(h *Header) { h.Protocol, h.Port = "tcp", 443 }),
			trace: trace(tracer.StopReached, 20*ms, at(1, heard("198.51.100.7", ms, transport(wire.SynAck)),
				heard("198.51.100.7", ms, transport(wire.Reset)), heard("198.51.100.7", ms, transport(wire.UDPReply))))},
		{name: "other timing", header: header4.with(func(h *Header) { h.Timing = "user" }), trace: trace(tracer.StopReached, 20*ms,
			at(1, heard("198.51.100.7", ms, byUser, portClosed), heard("198.51.100.7", ms, portClosed), heard("198.51.100.7", ms, untimed, portClosed)))},
		{name: "stamps", header: header4.with(func(h *Header) {
			h.Stamps, h.Timing, h.Notes = true, "kernel", []string{"no driver stamp: needs\x1b CAP_PERFMON"}
		}), trace: trace(tracer.StopReached, 20*ms, at(1, heard("198.51.100.7", ms, refined, portClosed), lost, heard("198.51.100.7", ms, portClosed)))},
		{name: "extensions", header: header4, trace: trace(tracer.StopReached, 20*ms, at(1, heard("203.0.113.1", ms, extended)), end)},
		{name: "hostile names", header: header4.with(func(h *Header) { h.Names, h.Target = hostile, "www\x1b[31m.example" }),
			trace: trace(tracer.StopReached, 20*ms, gw, core, end)},
		counted(header4, 1, 0), counted(header4, 20, 1),
	}
}

var hostile = book{
	"192.0.2.1":    "\x1b[2J\x1b]0;owned\x07gw\r\nexample 10.0.0.1",
	"203.0.113.1":  "\u202eelpmaxe.moc\u2066\u200b\xff\xfe\u0085",
	"198.51.100.7": fmt.Sprintf("%0300d.example", 0),
}

// unreachableSample has a hop for each code up to last.
func unreachableSample(name string, h Header, typ, last uint8, addr string) sample {
	s := sample{name: name, header: h, trace: trace(tracer.StopUnreachable, 8*ms)}
	for code := uint8(0); code <= last+1; code++ {
		if typ == 3 && code == 4 {
			continue // a packet too big
		}
		s.trace.Hops = append(s.trace.Hops,
			at(int(code)+1, heard(addr, ms, says(wire.Unreachable, typ, code), state(tracer.Unreachable))))
	}
	return s
}

// counted has n of the first thing that is counted, and step more of each next.
func counted(h Header, n, step int) sample {
	t := trace(tracer.StopReached, 20*ms, at(1, heard("198.51.100.7", ms, portClosed)))
	next := func() int { n += step; return n - step }
	c, y := &t.Counters, &t.Tally
	for _, field := range []*uint64{&c.Probes, &c.Answers, &c.Duplicates, &c.Unmatched, &c.Foreign, &c.Malformed, &c.Overflow, &c.ImpossibleStamps, &c.LateStamps} {
		*field = uint64(next())
	}
	for _, field := range []*int{&y.Sent, &y.Beyond, &y.Late, &y.Rewritten, &y.Unidentified, &y.Stray, &y.Impossible, &y.Unparsed} {
		*field = next()
	}
	return sample{name: fmt.Sprintf("counters by %d", step), header: h, trace: t}
}

func extended(p *tracer.Probe) {
	p.Rewritten = true
	p.Answer.Extensions = []icmp.Extension{
		&icmp.MPLSLabelStack{Class: 1, Type: 1, Labels: []icmp.MPLSLabel{{Label: 24001, TC: 1, TTL: 254}, {Label: 17, S: true, TTL: 1}}},
		interfaceInfo("ge-0/0/1\x1b[m", "fe80::5", "re0"),
		&icmp.InterfaceIdent{Class: 3, Type: 1, Name: "xe1", Index: 4, Addr: []byte{192, 0, 2, 99}},
		&icmp.RawExtension{Data: []byte{0, 6, 200, 1, 0xbe, 0xef}},
	}
}

// timingOf returns the pair of stamps of that name.
func timingOf(name string) stamp.Timing {
	for _, t := range stamp.Timings {
		if t.Name == name {
			return t
		}
	}
	panic("no timing " + name)
}
