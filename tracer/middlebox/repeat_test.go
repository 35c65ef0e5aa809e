package middlebox_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// reply is an answer: by which router, with which TTL, and which TTL it quotes.
type reply struct {
	router      byte
	ttl, quoted uint8
}

// replied makes a trace of hops that answered so, a silent one of none.
func replied(hops ...[]reply) *tracer.Trace {
	tr := &tracer.Trace{Protocol: "udp"}
	for i, all := range hops {
		h := tracer.Hop{TTL: i + 1}
		for _, r := range all {
			h.Probes = append(h.Probes, tracer.Probe{TTL: i + 1, State: tracer.Answered, Answer: wire.Answer{
				From: netip.AddrFrom4([4]byte{192, 0, 2, r.router}), TTL: r.ttl, Quote: &wire.Quote{TTL: r.quoted},
			}})
		}
		if len(all) == 0 {
			h.Probes = []tracer.Probe{{TTL: i + 1, State: tracer.Lost}}
		}
		tr.Hops = append(tr.Hops, h)
	}
	return tr
}

func TestRepeats(t *testing.T) {
	type run = []reply
	for name, tt := range map[string]struct {
		hops        []run
		first, last int // 0: there is no repeat
		verdict     middlebox.Verdict
		why         string
	}{
		"different addresses":        {hops: []run{{{1, 64, 1}}, {{2, 63, 1}}}},
		"a loop":                     {hops: []run{{{1, 64, 1}}, {{2, 63, 1}}, {{1, 64, 1}}}},
		"one box":                    {[]run{{{1, 64, 1}}, {{2, 63, 1}}, {{2, 63, 1}}}, 2, 3, middlebox.SameBox, "as far away"},
		"one box, and TTL 0 passed":  {[]run{{{1, 64, 1}}, {{2, 63, 0}}, {{2, 63, 1}}}, 2, 3, middlebox.SameBox, "hop 2 passes on packets"},
		"two boxes":                  {[]run{{{1, 64, 1}}, {{2, 63, 1}}, {{2, 62, 1}}}, 2, 3, middlebox.DifferentBoxes, "a hop further"},
		"two boxes, silence between": {[]run{{{1, 64, 1}}, {{2, 63, 1}}, {}, {{2, 61, 1}}}, 2, 4, middlebox.DifferentBoxes, "a hop further"},
		"of other habits":            {[]run{{{1, 64, 1}}, {{2, 254, 1}}, {{2, 62, 1}}}, 2, 3, middlebox.DifferentBoxes, "254 to 62"},
		"neither":                    {[]run{{{1, 64, 1}}, {{2, 63, 1}}, {{2, 59, 1}}}, 2, 3, middlebox.Unclear, "63 to 59"},
		"reply TTLs vary":            {[]run{{{2, 64, 1}, {2, 63, 1}}, {{2, 63, 1}}}, 1, 2, middlebox.Unclear, "varies at hop 1"},
		"another box answers too":    {hops: []run{{{2, 64, 1}, {3, 64, 1}}, {{2, 63, 1}}}},
	} {
		r := middlebox.Analyze(replied(tt.hops...))
		if tt.first == 0 {
			if len(r.Repeats) != 0 {
				t.Errorf("%s: %+v, want none", name, r.Repeats)
			}
			continue
		}
		if len(r.Repeats) != 1 {
			t.Errorf("%s: %+v, want one", name, r.Repeats)
			continue
		}
		got := r.Repeats[0]
		if got.First.TTL != tt.first || got.Last.TTL != tt.last || got.Verdict != tt.verdict || !strings.Contains(got.Why, tt.why) {
			t.Errorf("%s: %+v, want %+v", name, got, tt)
		}
		if translated := len(r.NATs) == 1; translated != (tt.verdict == middlebox.DifferentBoxes) {
			t.Errorf("%s: translators %+v", name, r.NATs)
		}
	}
}
