package stats

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// full is a probe with every stamp; its round-trip times are kernel 60,
// driver+tcx 64, tcx+receive 70, tcx 74, socket 58, user 95.
var full = stamp.Set{
	stamp.UserSend: 1000, stamp.TCXEgress: 1005, stamp.DriverStart: 1015, stamp.SocketSend: 1017,
	stamp.Receive: 1075, stamp.TCXIngress: 1079, stamp.UserReceive: 1095,
}

func without(s stamp.Set, points ...stamp.Point) *stamp.Set {
	for _, p := range points {
		s[p] = 0
	}
	return &s
}

func TestSources(t *testing.T) {
	var s Sources
	s.Add(&full)
	s.Add(without(full, stamp.SocketSend))                                      // the best is kernel
	s.Add(without(full, stamp.SocketSend, stamp.UserReceive, stamp.TCXEgress))  // kernel, driver+tcx
	s.Add(&stamp.Set{stamp.UserSend: 10, stamp.UserReceive: 500})               // user alone
	s.Add(&stamp.Set{stamp.TCXEgress: 10, stamp.TCXIngress: 9})                 // impossible
	s.Add(&stamp.Set{stamp.UserSend: 10})                                       // no answer stamped
	s.Add(without(full, stamp.DriverStart, stamp.SocketSend, stamp.TCXIngress)) // tcx+receive, user
	want := map[string]struct {
		n, compared, best, negative int64
		excess                      time.Duration // greatest
	}{
		"kernel":      {3, 3, 2, 0, 2},
		"driver+tcx":  {3, 3, 0, 0, 6},
		"tcx+receive": {3, 3, 1, 0, 12},
		"tcx":         {2, 2, 0, 1, 16},
		"socket":      {1, 1, 1, 0, 0},
		"user":        {4, 3, 0, 0, 37},
	}
	var names []string
	for _, src := range s.All() {
		w := want[src.Timing.Name]
		names = append(names, src.Timing.Name)
		if src.RTT.Count() != w.n || src.Excess.Count() != w.compared || src.Best != w.best ||
			src.RTT.Negative() != w.negative || src.Excess.Max() != w.excess {
			t.Errorf("%s: n %d, compared %d, best %d, negative %d, excess up to %d; want %+v", src.Timing.Name,
				src.RTT.Count(), src.Excess.Count(), src.Best, src.RTT.Negative(), src.Excess.Max(), w)
		}
	}
	if len(names) != len(want) || names[0] != "kernel" || !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("sources %v", names)
	}
}

// A source that has nothing but impossible times is shown: it is broken.
func TestImpossibleAlone(t *testing.T) {
	var s Sources
	s.Add(&stamp.Set{stamp.TCXEgress: 10, stamp.TCXIngress: 9})
	if all := s.All(); len(all) != 1 || all[0].RTT.Count() != 0 || all[0].RTT.Negative() != 1 {
		t.Errorf("%d sources, want tcx with one impossible", len(all))
	}
}

func TestDivision(t *testing.T) {
	tests := []struct {
		name   string
		stamps *stamp.Set
		want   map[string]time.Duration
	}{
		{"every point", &full, map[string]time.Duration{
			"send call": 5, "queue": 10, "network": 60, "receive path": 4, "wake-up": 16}},
		{"tcx and user", without(full, stamp.DriverStart, stamp.Receive), map[string]time.Duration{
			"send call": 5, "queue + network + receive path": 74, "wake-up": 16}},
		{"kernel alone", without(full, stamp.UserSend, stamp.UserReceive), map[string]time.Duration{
			"queue": 10, "network": 60, "receive path": 4}},
		{"user alone", &stamp.Set{stamp.UserSend: 1, stamp.UserReceive: 9}, map[string]time.Duration{
			"send call + queue + network + receive path + wake-up": 8}},
		{"one stamp", &stamp.Set{stamp.UserSend: 1}, map[string]time.Duration{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Division
			d.Add(tt.stamps)
			got := map[string]time.Duration{}
			spans, _, _ := d.Spans()
			for _, s := range spans {
				got[s.Parts] = s.Time.Max()
			}
			if !maps.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// Probes stamped at other points are counted, and not mixed in.
func TestDivisionOthers(t *testing.T) {
	var d Division
	d.Add(without(full, stamp.Receive))
	d.Add(&full)
	d.Add(&full)
	spans, n, others := d.Spans()
	if len(spans) != len(stamp.Parts()) || n != 2 || others != 1 {
		t.Errorf("%d spans of %d probes, %d others; want 5 of 2, 1 other", len(spans), n, others)
	}
}
