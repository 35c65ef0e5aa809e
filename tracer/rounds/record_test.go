package rounds_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// round is a round in which these addresses answered, one a hop, after as many
// milliseconds as the hop's number; "*" is a loss. The last is the target.
func round(n int, addresses ...string) *tracer.Trace {
	t := &tracer.Trace{Started: start.Add(time.Duration(n) * time.Second), Stop: tracer.StopReached}
	for i, a := range addresses {
		p := tracer.Probe{TTL: i + 1, State: tracer.Lost, SentAt: t.Started}
		if a != "*" {
			p.State, p.RTT, p.Timing = tracer.Answered, time.Duration(i+1)*time.Millisecond, stamp.Timings[0]
			p.Answer = wire.Answer{From: netip.MustParseAddr(a)}
		}
		if a == "*" && i == len(addresses)-1 {
			t.Stop = tracer.StopMaxTTL
		}
		t.Hops = append(t.Hops, tracer.Hop{TTL: i + 1, Probes: []tracer.Probe{p}})
	}
	return t
}

// What one address answered is never mixed with what another did.
func TestResponders(t *testing.T) {
	var r rounds.Record
	for n := range 30 {
		r.Add(round(n, "192.0.2.1", []string{"192.0.2.2", "192.0.2.3", "*"}[n%3], "192.0.2.9"))
	}
	h := r.Hops()[1]
	if h.Sent() != 30 || h.Answered() != 20 || len(h.Responders) != 2 {
		t.Fatalf("%d sent, %d answered, %d responders", h.Sent(), h.Answered(), len(h.Responders))
	}
	for _, from := range h.Responders {
		if timed, _ := from.Timed(); from.Answered != 10 || timed.RTT.Count() != 10 || h.Gone(from) {
			t.Errorf("%v: %d answered, %d timed, gone %v", from.Addr, from.Answered, timed.RTT.Count(), h.Gone(from))
		}
	}
	if r.Changed != 1 {
		t.Errorf("%d changes, want the first sight of the other alone: %v", r.Changed, r.Changes)
	}
}

// A path that changes says when, and from what to what; one that changes back too.
func TestChanges(t *testing.T) {
	var r rounds.Record
	for n := range 45 {
		second := "192.0.2.2"
		if n >= 15 && n < 30 {
			second = "192.0.2.3"
		}
		r.Add(round(n, "192.0.2.1", second, "192.0.2.9"))
	}
	want := []rounds.Change{
		{At: start.Add(15 * time.Second), TTL: 2, From: netip.MustParseAddr("192.0.2.2"), To: netip.MustParseAddr("192.0.2.3")},
		{At: start.Add(30 * time.Second), TTL: 2, From: netip.MustParseAddr("192.0.2.3"), To: netip.MustParseAddr("192.0.2.2")},
	}
	if fmt.Sprint(r.Changes) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", r.Changes, want)
	}
	h := r.Hops()[1]
	if first := h.Responders[0]; first.Addr.String() != "192.0.2.2" || !h.Gone(h.Responders[1]) {
		t.Errorf("first is %v; the other gone: %v", first.Addr, h.Gone(h.Responders[1]))
	}
}

// One lost answer of the target changes nothing; a longer path does.
func TestLength(t *testing.T) {
	var r rounds.Record
	r.Add(round(0, "192.0.2.1", "192.0.2.9"))
	r.Add(round(1, "192.0.2.1", "*"))
	if r.Reached || !r.Ever || len(r.Hops()) != 2 || r.Changed != 0 {
		t.Errorf("reached %v, %d hops, %d changes", r.Reached, len(r.Hops()), r.Changed)
	}
	r.Add(round(2, "192.0.2.1", "192.0.2.2", "192.0.2.9"))
	last := r.Changes[len(r.Changes)-1]
	if len(r.Hops()) != 3 || last.TTL != 0 || last.Was != 2 || last.Is != 3 {
		t.Errorf("%d hops, changes %v", len(r.Hops()), r.Changes)
	}
}

// Whoever pretends to be a thousand routers fills no memory.
func TestBounds(t *testing.T) {
	r := rounds.Record{Keep: 10}
	for n := range 2500 {
		r.Add(round(n, fmt.Sprintf("198.18.%d.%d", n/250, n%250), "192.0.2.9"))
	}
	h := r.Hops()[0]
	if len(h.Responders) > 32 || h.Answered() != 2500 || h.Unlisted+sum(h) != 2500 {
		t.Errorf("%d responders, %d answered, %d unlisted", len(h.Responders), h.Answered(), h.Unlisted)
	}
	if n := len(h.Recent); n < 10 || n > 20 || !h.Recent[n-1].SentAt.Equal(start.Add(2499*time.Second)) {
		t.Errorf("%d probes kept", n)
	}
	for n := range 2500 { // each a change
		r.Add(round(n, append(prefixes(n%2), "192.0.2.9")...))
	}
	if len(r.Changes) != 1000 || r.Changed < 2400 {
		t.Errorf("%d changes kept of %d", len(r.Changes), r.Changed)
	}
}

func prefixes(n int) []string { return []string{"192.0.2.1", "192.0.2.2"}[:1+n] }

func sum(h *rounds.Hop) (n int) {
	for _, r := range h.Responders {
		n += r.Answered
	}
	return n
}

// A time by another pair of stamps is another stretch of way.
func TestTimings(t *testing.T) {
	var r rounds.Record
	for n := range 9 {
		one := round(n, "192.0.2.1")
		if n%3 == 0 {
			p := &one.Hops[0].Probes[0]
			p.Timing, p.RTT = stamp.Timings[3], time.Hour
		}
		r.Add(one)
	}
	timed, others := r.Hops()[0].Responders[0].Timed()
	if timed.Timing.Name != "kernel" || timed.RTT.Count() != 6 || timed.RTT.Max() != time.Millisecond || others != 3 {
		t.Errorf("%s: %d times up to %v, %d others", timed.Timing.Name, timed.RTT.Count(), timed.RTT.Max(), others)
	}
}

// After two silent rounds the target is looked for further away.
func TestFollower(t *testing.T) {
	f := rounds.Follower{Max: 30}
	silent, found := round(0, "192.0.2.1", "*"), round(0, "192.0.2.1", "192.0.2.9")
	var got []int
	for _, r := range []*tracer.Trace{silent, found, silent, silent, silent, found, silent, found} {
		got = append(got, f.MaxTTL(r))
	}
	if fmt.Sprint(got) != "[30 2 2 30 30 2 2 2]" {
		t.Errorf("%v", got)
	}
}

// A target whose nearer answer is lost seems further away: that is no change of the
// path, unless it happens again and again, or another hop answers where it was.
func TestLossIsNoLongerPath(t *testing.T) {
	lost := []string{"192.0.2.1", "*", "192.0.2.9"}
	for _, tt := range []struct {
		name   string
		third  []string
		times  int
		length int
	}{
		{"lost once", lost, 1, 2}, {"lost often", lost, 4, 2}, {"silent", lost, 5, 3},
		{"moved", []string{"192.0.2.1", "192.0.2.2", "192.0.2.9"}, 1, 3},
	} {
		var r rounds.Record
		n := 0
		for range 3 {
			r.Add(round(n, "192.0.2.1", "192.0.2.9"))
			for range tt.times {
				n++
				r.Add(round(n, tt.third...))
			}
		}
		changes := 0
		for _, c := range r.Changes {
			if c.TTL == 0 {
				changes++
			}
		}
		if r.Length != tt.length || (changes > 0) != (tt.length > 2) || !r.Reached {
			t.Errorf("%s: %d hops, %d changes of length: %v", tt.name, r.Length, changes, r.Changes)
		}
	}
}
