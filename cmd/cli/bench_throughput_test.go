package cli_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

const (
	benchWindow   = 32 // in flight at the most, as in a trace
	benchPatience = time.Second
)

// BenchmarkThroughput drives the whole way of a probe and its answer, as fast as
// one goroutine can: build, raw socket, egress program, router, ingress program,
// ring buffer, round-trip time. An op is a probe; the router is the first of a
// chain, which on this way works on the same CPU.
func BenchmarkThroughput(b *testing.B) {
	needsRoot(b)
	l, err := lab.Chain(b.Context(), lab.Options{Routers: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			p := &pump{b: b}
			p.protocol, err = probe.ByName(way.protocol)
			p.check(err)
			p.check(l.Do(lab.Client, func() error { return p.open(l, strings.Contains(way.flags, "-6")) }))
			p.run()
		})
	}
}

// pump sends probes and takes answers.
type pump struct {
	b        *testing.B
	protocol probe.Protocol
	flow     probe.Flow
	raw      *socket.Raw
	session  *loader.Session

	ident   uint16
	waiting [1 << 16]bool // by identifier
	flying  int
	heard   int
	lost    int
}

// open opens what a trace opens, in the lab's client.
func (p *pump) open(l *lab.Lab, ipv6 bool) error {
	target, _ := l.Node(lab.Target)
	route, err := socket.Lookup(address(target, ipv6), socket.RouteOptions{})
	p.check(err)
	p.raw, err = socket.Open(socket.Options{IPv6: ipv6, Index: route.Index})
	p.check(err)
	p.b.Cleanup(func() { p.raw.Close() })
	port, err := socket.Reserve(p.protocol.Number(ipv6), route.Source, 0, route.Index)
	p.check(err)
	p.b.Cleanup(func() { port.Close() })
	p.flow = probe.Flow{
		Source: route.Source, Target: address(target, ipv6),
		SourcePort: port.Number, TargetPort: p.protocol.DefaultPort(), Secret: 0xbeef,
	}
	return p.attach(route.Index)
}

func (p *pump) attach(index int) error {
	cookie, err := p.raw.Cookie()
	p.check(err)
	p.session, err = loader.Open(loader.Options{
		Interface: index, Cookie: cookie, Protocol: p.protocol.Number(p.flow.IPv6()),
		Port: p.flow.SourcePort, Secret: p.flow.Secret,
	})
	p.check(err)
	p.b.Cleanup(func() { p.session.Close() })
	return nil
}

func (p *pump) run() {
	p.b.ReportAllocs()
	for p.b.Loop() {
		for p.flying >= benchWindow {
			p.take(time.Now().Add(benchPatience))
		}
		p.send()
		p.take(time.Time{}) // what is there already
	}
	took, heard := p.b.Elapsed().Seconds(), p.heard
	for p.flying > 0 {
		p.take(time.Now().Add(benchPatience))
	}
	p.b.ReportMetric(float64(p.b.N)/took, "probes/s")
	p.b.ReportMetric(float64(heard)/took, "answers/s")
	p.b.ReportMetric(float64(p.lost), "lost")
}

func (p *pump) send() {
	for p.ident++; !p.flow.Usable(p.ident); p.ident++ {
	}
	packet, err := p.protocol.Marshal(p.flow, 1, p.ident)
	p.check(err)
	_, err = p.raw.Send(packet)
	p.check(err)
	p.waiting[p.ident] = true
	p.flying++
}

// take takes answers until there is none by the deadline. If that leaves the
// window full, what is in flight is lost.
func (p *pump) take(deadline time.Time) {
	for {
		a, err := p.session.Next(deadline)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		p.check(err)
		_, err = wire.ParseAnswer(a.Packet)
		p.check(err)
		if rtt, _, err := a.Stamps.RTT(); err != nil || rtt <= 0 || !p.waiting[a.Ident] {
			p.b.Fatalf("answer to %#x after %v, %v; want one to a probe in flight", a.Ident, rtt, err)
		}
		p.waiting[a.Ident] = false
		p.flying--
		p.heard++
		deadline = time.Time{}
	}
	if !deadline.IsZero() {
		p.lost += p.flying
		p.flying, p.waiting = 0, [1 << 16]bool{}
	}
}

func (p *pump) check(err error) {
	if err != nil {
		p.b.Helper()
		p.b.Fatal(err)
	}
}
