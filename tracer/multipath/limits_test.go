package multipath

import (
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// What a budget leaves unsure is said, and the confidence is less.
func TestBudgets(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  Config
		why  Reason
		kept func(tr traced) bool
	}{
		{"probes", Config{MaxProbes: 60}, NoProbes, func(tr traced) bool { return tr.Spent == 60 }},
		{"time", Config{MaxTime: 50 * time.Millisecond}, NoTime, func(tr traced) bool { return tr.Elapsed < 100*time.Millisecond }},
		{"flows", Config{MaxFlows: 20}, NoFlows, func(tr traced) bool { return tr.Flows == 20 }},
	} {
		for _, full := range []bool{false, true} {
			inBubble(t, func(t *testing.T) {
				test.cfg.Full = full
				tr := trace(t, load(t, "diamond_16"), ways()[0], 1, test.cfg)
				if !test.kept(tr) || !tr.doubts(test.why) {
					t.Errorf("%s: %d probes, %d flows, %v, doubts %v", test.name, tr.Spent, tr.Flows, tr.Elapsed, tr.Doubts)
				}
				if tr.Confidence >= tr.Wanted || tr.Confidence < 0 {
					t.Errorf("%s: confidence %v of %v", test.name, tr.Confidence, tr.Wanted)
				}
				for _, p := range tr.Probes {
					if p.State == tracer.Sent {
						t.Errorf("%s: a probe at hop %d is still awaited", test.name, p.TTL)
					}
				}
				checkBooks(t, tr)
			})
		}
	}
}

// More confidence takes more probes, and less fewer.
func TestConfidenceCosts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		last := 0
		for _, confidence := range []float64{0.5, 0.9, 0.99, 0.9999} {
			tr := trace(t, load(t, "diamond_4"), ways()[0], 1, Config{Confidence: confidence})
			if tr.Spent <= last || tr.Wanted != confidence || tr.Confidence < confidence {
				t.Errorf("%v: %d probes after %d, reached %v", confidence, tr.Spent, last, tr.Confidence)
			}
			last = tr.Spent
		}
	})
}

// A router that answers once in ten seconds is beyond patience. That its silence may
// be a limit is said.
func TestHardLimitIsDoubted(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, load(t, "rate_limited"), ways()[0], 1, Config{})
		stars := 0
		for _, n := range tr.at(3) {
			if n.Star() {
				stars++
			}
		}
		if stars > 0 && !tr.doubts(Limited) {
			t.Errorf("%d stars at hop 3, doubts %v", stars, tr.Doubts)
		}
		if !tr.Reached() {
			t.Errorf("stopped with %v", tr.Stop)
		}
	})
}

func TestConfigErrors(t *testing.T) {
	good := flowOf(load(t, "clean"), ways()[0])
	noPort := good
	noPort.SourcePort = 0
	for want, cfg := range map[string]Config{
		"source and a target":        {},
		"confidence of 1":            {Flow: good, Confidence: 1},
		"confidence of -1":           {Flow: good, Confidence: -1},
		"TTLs from 5 to 4":           {Flow: good, FirstTTL: 5, MaxTTL: 4},
		"TTLs from 1 to 256":         {Flow: good, MaxTTL: 256},
		"budget of 60001 probes":     {Flow: good, MaxProbes: 60001},
		"budget of 65536 flows":      {Flow: good, MaxFlows: probe.MaxFlow + 2},
		"254 further destinations":   {Flow: good, Destinations: 254},
		"window and gap limit":       {Flow: good, Window: -1},
		"pace, wait":                 {Flow: good, Wait: -1},
		"source port is 0: use 1 to": {Flow: noPort},
	} {
		r, err := Run(t.Context(), cfg, nil, nil)
		if r != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestCoarse(t *testing.T) {
	for n, want := range map[int]int{1: 1, 7: 7, 8: 8, 9: 10, 15: 16, 17: 20, 33: 40, 64: 64, 65: 80, 1000: 1024} {
		if got := coarse(n); got != want {
			t.Errorf("%d: %d, want %d", n, got, want)
		}
	}
}

// A run begins where it is told to, and ends there.
func TestTTLBounds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		tr := trace(t, load(t, "diamond_nested"), ways()[0], 1, Config{FirstTTL: 3, MaxTTL: 5})
		if tr.Nodes[0].Hop != 2 || tr.Nodes[0].Addr != tr.Source || tr.Stop != tracer.StopMaxTTL {
			t.Errorf("begins with %v at hop %d, stopped with %v", tr.Nodes[0].Addr, tr.Nodes[0].Hop, tr.Stop)
		}
		for hop, want := range map[int]int{1: 0, 3: 2, 4: 5, 5: 2, 6: 0} {
			if got := len(tr.at(hop)); got != want {
				t.Errorf("hop %d: %d nodes, want %d", hop, got, want)
			}
		}
	})
}
