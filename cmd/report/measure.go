package report

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// measured is a hop as the page of a trace shows it.
type measured struct {
	ttl        int
	sent, lost int
	by         []*responder // who answered most first
}

// responder is what one address answered at a hop.
type responder struct {
	addr     netip.Addr
	answered int
	times    []time.Duration // in the order of sending
	rtt      stats.Distribution
	jitter   stats.Jitter
}

func measure(hops []tracer.Hop) (all []*measured) {
	for _, h := range hops {
		m := &measured{ttl: h.TTL}
		for _, p := range h.Probes {
			m.add(p)
		}
		slices.SortStableFunc(m.by, func(a, b *responder) int { return b.answered - a.answered })
		all = append(all, m)
	}
	return all
}

func (m *measured) add(p tracer.Probe) {
	switch p.State {
	case tracer.NotSent, tracer.Sent:
		return
	case tracer.Lost:
		m.lost++
	}
	m.sent++
	if !p.State.Heard() {
		return
	}
	r := m.responder(p.Answer.From)
	r.answered++
	if p.Timing.Name != "" {
		r.times = append(r.times, p.RTT)
		r.rtt.Add(p.RTT)
		r.jitter.Add(p.RTT)
	}
}

func (m *measured) responder(from netip.Addr) *responder {
	for _, r := range m.by {
		if r.addr == from {
			return r
		}
	}
	r := &responder{addr: from}
	m.by = append(m.by, r)
	return r
}

// longest returns the longest time at any hop, at least a microsecond.
func longestOf(all []*measured) time.Duration {
	most := time.Microsecond
	for _, m := range all {
		for _, r := range m.by {
			most = max(most, r.rtt.Max())
		}
	}
	return most
}
