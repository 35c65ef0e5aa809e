package flight_test

import (
	"errors"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/flight"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

var flow = probe.Flow{
	Source: netip.MustParseAddr("192.0.2.1"), Target: netip.MustParseAddr("203.0.113.1"),
	SourcePort: 40000, TargetPort: 33434, Secret: 0xbeef,
}

// due is an answer, or the lack of one, and when it may be read.
type due struct {
	at time.Time
	flight.Answer
}

// line is a wire on which answers to the nth probe come as the test says.
type line struct {
	t       *testing.T
	router  []byte // what a router answers
	answers func(n int, ident uint16) []due
	refuse  func(n int) bool

	sent    []time.Time
	waiting []due
}

var errRefused = errors.New("operation not permitted")

func (l *line) Send(packet []byte) (stamp.Mono, error) {
	l.sent = append(l.sent, time.Now())
	n := len(l.sent)
	if l.refuse != nil && l.refuse(n) {
		return 0, errRefused
	}
	if l.answers != nil {
		l.waiting = append(l.waiting, l.answers(n, uint16(packet[26])<<8|uint16(packet[27]))...) // UDP: in the checksum
	}
	return mono(time.Now()), nil
}

func (l *line) Next(deadline time.Time) (flight.Answer, error) {
	for i, d := range l.waiting {
		if !d.at.After(time.Now()) {
			l.waiting = append(l.waiting[:i:i], l.waiting[i+1:]...)
			return d.Answer, nil
		}
	}
	if !time.Now().Before(deadline) {
		return flight.Answer{}, os.ErrDeadlineExceeded
	}
	time.Sleep(min(time.Millisecond, time.Until(deadline)))
	return l.Next(deadline)
}

func (l *line) Counters() (flight.Counters, error) { return flight.Counters{}, nil }

// mono is the clock of the stamps, as good as any in a bubble of synctest.
func mono(t time.Time) stamp.Mono { return stamp.Mono(t.UnixNano()) }

// after is an answer of a router, stamped some time from now and read at once.
func (l *line) after(rtt time.Duration, ident uint16) due {
	now := time.Now()
	return due{now.Add(rtt), flight.Answer{
		Ident: ident, Packet: l.router, Length: len(l.router),
		Stamps: stamp.Set{stamp.TCXEgress: mono(now), stamp.TCXIngress: mono(now.Add(rtt))},
	}}
}

func newLine(t *testing.T) *line {
	t.Helper()
	return &line{t: t, router: simtest.RouterAnswer(t)}
}

// patience is how long the tests' policy awaits an answer.
const patience = 100 * time.Millisecond

// plan is a policy that sends so many probes and writes down what becomes of them.
type plan struct {
	engine *flight.Engine[int]
	probes int
	states map[int][]flight.State // by For
	most   int                    // in flight
}

func (p *plan) Round() bool { return len(p.states) < p.probes || p.engine.Flying() > 0 }

func (p *plan) Next(time.Time) (o flight.Order[int], due time.Time) {
	if n := len(p.states); n < p.probes {
		o = flight.Order[int]{Flow: flow, TTL: 1, Query: n, For: n + 1}
	}
	return o, due
}

func (p *plan) Timeout(*flight.Entry[int]) time.Duration { return patience }

func (p *plan) Changed(e *flight.Entry[int], _ flight.State) {
	p.states[e.For] = append(p.states[e.For], e.State)
	p.most = max(p.most, p.engine.Flying())
}

// newPlan makes an engine for it.
func newPlan(l *line, probes int, cfg flight.Config) *plan {
	l.t.Helper()
	p := &plan{probes: probes, states: map[int][]flight.State{}}
	cfg.Flow, cfg.Protocol, cfg.FirstIdent = flow, probe.UDP{}, 100
	var err error
	if p.engine, err = flight.New(cfg, p, l, l); err != nil {
		l.t.Fatal(err)
	}
	return p
}
