package stats

import (
	"fmt"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

var start = time.Unix(1_000_000, 0)

// round makes a round of a letter for each hop, that of who answers; - for nobody.
func round(number int, letters string) (hops []tracer.Hop) {
	for i, c := range letters {
		p := silent(tracer.Lost)
		if c != '-' {
			p = answered(fmt.Sprintf("10.0.0.%d", c), time.Duration(c)*time.Millisecond, tracer.Answered)
		}
		p.SentAt = start.Add(time.Duration(number)*time.Second + time.Duration(i))
		hops = append(hops, tracer.Hop{TTL: i + 1, Probes: []tracer.Probe{p}})
	}
	return hops
}

// rounds enters rounds, each so many times.
func rounds(p *Path, of ...any) {
	n := 0
	for i := 0; i < len(of); i += 2 {
		for range of[i].(int) {
			p.AddRound(round(n, of[i+1].(string)))
			n++
		}
	}
}

// What is measured by one path is not mixed with what is by another, even if the same
// address answers; a path that comes back is the one that it was.
func TestPathsApart(t *testing.T) {
	var p Path
	rounds(&p, 30, "ABE", 5, "A-E", 30, "ACE", 1, "-C-", 20, "ABE")
	routes := p.Routes()
	if len(routes) != 2 || routes[0].Rounds != 55 || routes[1].Rounds != 31 {
		t.Fatalf("%+v, want two paths of 55 and 31 rounds", routes)
	}
	if second := routes[1]; second.Change != 2 || second.First.Sub(start) != 35*time.Second {
		t.Errorf("%+v, want a change at hop 2 after 35 s", second)
	}
	last := p.Hops()[2].Responders
	if len(last) != 2 || last[0].Route != 0 || last[0].Answered != 55 || last[1].Route != 1 || last[1].Answered != 30 {
		t.Errorf("%+v, want those of the two paths", last)
	}
	if p.Hops()[2].Answered() != 85 {
		t.Errorf("%d answered, want 85", p.Hops()[2].Answered())
	}
}

// Rounds that take turns are of no path, and nothing is lost when that is found out.
func TestTurns(t *testing.T) {
	for name, enter := range map[string]func(*Path){
		"in turn":   func(p *Path) { rounds(p, 1, "AB-E", 1, "ACDE", 1, "ABDE", 1, "ACDE", 1, "ABDE", 1, "ABDE") },
		"many":      func(p *Path) { rounds(p, 1, "AB-E", 1, "ACDE", 1, "AFDE", 1, "AGDE", 1, "AHDE", 1, "AIDE") },
		"late":      func(p *Path) { rounds(p, 1, "AB-E", 2, "ABDE", 2, "ACDE", 1, "ABDE") },
		"one alone": func(p *Path) { rounds(p, 5, "ABDE", 1, "AB-E") },
	} {
		var p Path
		enter(&p)
		if name != "late" && p.Routes() != nil {
			t.Errorf("%s: %+v", name, p.Routes())
		}
		hops := p.Hops()
		if answered := hops[1].Answered(); answered != 6 {
			t.Errorf("%s: hop 2 answered %d, want 6", name, answered)
		}
		if last := hops[3].Responders; name != "late" && (len(last) != 1 || last[0].Answered != 6 || last[0].Sources.All()[0].RTT.Count() != 6) {
			t.Errorf("%s: %+v, want one that answered 6", name, last)
		}
		if third := hops[2].Responders; name == "in turn" && (third[0].Answered != 5 || third[0].Sources.All()[0].RTT.Max() != 'D'*time.Millisecond) {
			t.Errorf("%s: %+v", name, third)
		}
	}
}

// Merging adds up all there is: what was measured, and what was left out.
func TestMerge(t *testing.T) {
	var a, b Responder
	for i := range 10 {
		a.Add(&stamp.Set{stamp.TCXEgress: 100, stamp.TCXIngress: stamp.Mono(1000 + i)})
		b.Add(&stamp.Set{stamp.TCXEgress: 100, stamp.TCXIngress: 5_000_000_000})
	}
	b.Add(&stamp.Set{stamp.TCXEgress: 100, stamp.TCXIngress: 50})
	b.Add(&stamp.Set{stamp.UserSend: 1, stamp.UserReceive: 5})
	a.merge(&b)
	rtt := &a.Sources.All()[0].RTT
	if rtt.Count() != 20 || rtt.Negative() != 1 || rtt.Min() != 900 || rtt.Max() != 4_999_999_900 || rtt.Quantile(0.5) != 909 {
		t.Errorf("%+v, %d negative", rtt.Summary(), rtt.Negative())
	}
	if spans, n, others := a.Division.Spans(); n != 21 || others != 1 || spans[0].Time.Count() != 20 {
		t.Errorf("%d divided alike, %d others", n, others)
	}
}
