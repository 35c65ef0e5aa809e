package loss

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// probes makes probes of a hop from a letter each: A answered, L lost, D lost before
// the driver, R refused, P pending.
func probes(ttl int, text string) tracer.Hop {
	h := tracer.Hop{TTL: ttl}
	for i, c := range text {
		at := stamp.Mono(i+1) * 1000
		p := tracer.Probe{TTL: ttl, Query: i, Stamps: stamp.Set{stamp.TCXEgress: at, stamp.DriverStart: at + 10}}
		switch c {
		case 'A':
			p.State, p.Timing = tracer.Answered, stamp.Timings[0]
			p.Stamps[stamp.Receive] = at + 500
		case 'L':
			p.State = tracer.Lost
		case 'D':
			p.State, p.Stamps[stamp.DriverStart] = tracer.Lost, 0
		case 'R':
			p.State, p.Stamps = tracer.NotSent, stamp.Set{}
		case 'P':
			p.State = tracer.Sent
		}
		h.Probes = append(h.Probes, p)
	}
	return h
}

func path(texts ...string) (hops []tracer.Hop) {
	for i, text := range texts {
		hops = append(hops, probes(i+1, text))
	}
	return hops
}

// judged judges phases.
func judged(phases ...Phase) Report {
	var s Sum
	for _, p := range phases {
		s.Add(p)
	}
	return s.Judge()
}

const (
	fine  = "AAAAAAAAAAAAAAAAAAAA"
	third = "ALALAALAAALALAAAALAA"
	other = "LAALAAALAAALLAAAALAA"
	none  = "LLLLLLLLLLLLLLLLLLLL"
)

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name        string
		hops        []tracer.Hop
		kind        Kind
		first, last int // or the TTL
	}{
		{"from the first hop", path(third, other, third, other), Loss, 1, 1},
		{"from the second", path(fine, third, other, third), Loss, 2, 2},
		{"one probe is none", path(fine, fine, "AAAAAAAAAALAAAAAAAAA", fine), Few, 3, 3},
		{"two of three", path("AAA", "AAA", "ALL", "AAA"), Few, 3, 3},
		{"at the target alone", path(fine, fine, fine, third), Unclear, 4, 4},
		{"its answers alone", path(fine, fine, "LALLAALLLAALLLALLAAL", fine, fine), Answers, 3, 3},
		{"at intervals", path(fine, fine, "ALLLALLLALLLALLLALLLA", fine), Limits, 3, 3},
		{"in a burst", path(fine, fine, "AAAAAALLLLLLLLLLLLLL", fine), Limits, 3, 3},
		{"breaks, or all limit", path("AAAAAALLLL", "AAAAAALLLL", "AAAAAALLLL", "AAAAAALLLL"), Unclear, 1, 1},
		{"breaks", path(fine, "AAAAAAAAAALLLLLLLLLL", "AAAAAAAAAALLLLLLLLLL", "AAAAAAAAALLLLLLLLLLL"), Unclear, 2, 2},
		{"silent", path(fine, none, fine), Silent, 2, 2},
		{"local", path(fine, "ADAAAAAAAAAAAAAAAAAA", fine), Local, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := judged(Phase{Hops: tt.hops}).Verdicts
			if len(got) != 1 || got[0].Kind != tt.kind {
				t.Fatalf("%+v, want %v", got, tt.kind)
			}
			v := got[0]
			if v.Kind == Loss && (v.First != tt.first || v.Last != tt.last) || v.TTL != tt.first {
				t.Errorf("hop %d, from %d to %d, want from %d to %d", v.TTL, v.First, v.Last, tt.first, tt.last)
			}
		})
	}
}

// What says nothing of the path is no reason for a verdict.
func TestNothingToTell(t *testing.T) {
	for name, hops := range map[string][]tracer.Hop{
		"clean": path(fine, fine), "no hops": nil, "nobody": path(none, none),
		"end": path(fine, fine, none, none), "refused, pending": path("AARRPP", "AAAAPP"),
	} {
		if r := judged(Phase{Hops: hops}); len(r.Verdicts) > 0 || r.Reordered != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A hop that answers more when it is asked less limits its answers, even if all
// hops of the path do.
func TestRates(t *testing.T) {
	fast := Phase{Hops: path("AALLALLLALLLLLLALLLL", "AALLALLLLALLLLLALLLL", "AALLLALLALLLLLLALLLL")}
	slow := Phase{time.Second, path("AAAAAAA", "AAAAAAA", "AAAAAAA")}
	got := judged(fast, slow).Verdicts
	if len(got) != 3 {
		t.Fatalf("%+v, want a verdict on each hop", got)
	}
	for _, v := range got {
		if v.Kind != Limits || len(v.Paces) != 2 || v.Paces[1].Lost != 0 || v.Paces[0].Sent != 20 {
			t.Errorf("%+v", v)
		}
	}
	for _, v := range judged(fast, Phase{time.Second, path("LLALLLL", "LLLALLL", "LLLALLL")}).Verdicts {
		if v.Kind == Limits {
			t.Errorf("%+v, of loss at any rate", v)
		}
	}
}

func TestReordered(t *testing.T) {
	h := probes(2, "AAAA")
	h.Probes[0].Stamps[stamp.Receive] = 9000
	h.Probes[2].Stamps[stamp.Receive] = 8500
	other := probes(3, "AA")
	other.Probes[0].Stamps[stamp.Receive], other.Probes[0].Flow = 9000, 1
	if r := judged(Phase{Hops: []tracer.Hop{h, other}}); len(r.Reordered) != 1 || r.Reordered[2] != 2 {
		t.Errorf("%v, want two answers of hop 2, and none of another flow", r.Reordered)
	}
}
