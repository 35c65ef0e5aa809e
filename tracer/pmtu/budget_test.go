package pmtu

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// TestBudget holds runs to what they may cost: a message that is true takes four
// probes to prove, a path without drops no more than its trace, and a black hole,
// where hops answer whenever they are asked, 15 seconds.
func TestBudget(t *testing.T) {
	for name, most := range map[string]struct {
		search int
		time   time.Duration
	}{
		"clean":                   {0, 100 * time.Millisecond},
		"mtu_steps":               {3 * 4, time.Second},
		"mtu_short_quote":         {4, time.Second},
		"mtu_hole":                {40, 10 * time.Second},
		"mtu_hole_odd":            {45, 10 * time.Second},
		"mtu_hole_limited":        {45, 16 * time.Second},
		"mtu_hole_low":            {60, 15 * time.Second},
		"mtu_hole_behind_silence": {45, 15 * time.Second},
		"mtu_hole_and_messages":   {45, 15 * time.Second},
	} {
		everyWay(t, func(t *testing.T, w way) {
			r, _ := discover(t, simtest.Load(t, name), w, 1, Config{})
			if r.Search > most.search || r.Elapsed > most.time {
				t.Errorf("%s: %d probes to search and %v, want %d and %v at most", name, r.Search, r.Elapsed, most.search, most.time)
			}
		})
	}
}

// TestAsTrace takes the very probes of a trace where nothing drops.
func TestAsTrace(t *testing.T) {
	everyWay(t, func(t *testing.T, w way) {
		s := simtest.Load(t, "clean_long")
		r, _ := discover(t, s, w, 1, Config{FirstIdent: 1})
		cfg := Config{Flow: flowOf(s, w), Protocol: w.protocol}.WithDefaults()
		link := sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: cfg.Flow.Secret, SourcePort: cfg.Flow.SourcePort})
		plain, err := tracer.Run(t.Context(), tracer.Config{Flow: cfg.Flow.Sized(1500), Protocol: w.protocol, FirstIdent: 1}, link, link)
		if err != nil {
			t.Fatal(err)
		}
		if r.Sent != plain.Tally.Sent || r.Elapsed != plain.Elapsed || len(r.Hops) != len(plain.Hops) {
			t.Errorf("%d probes, %v, %d hops; a trace: %d, %v, %d",
				r.Sent, r.Elapsed, len(r.Hops), plain.Tally.Sent, plain.Elapsed, len(plain.Hops))
		}
	})
}

// TestFar has many probes in flight at a time, of which a RST acknowledges more than
// the sequence number.
func TestFar(t *testing.T) {
	for _, name := range []string{"mtu_steps", "mtu_hole"} {
		everyWay(t, func(t *testing.T, w way) {
			s := simtest.Load(t, name)
			s.Nodes[0].Delay.Duration = 150 * time.Millisecond
			r, _ := discover(t, s, w, 1, Config{})
			check(t, s, r)
			if r.Counters.Duplicates+r.Counters.Unmatched > 0 || r.Tally.Stray > 0 {
				t.Errorf("%+v, %+v", r.Counters, r.Tally)
			}
		})
	}
}
