package stats

import (
	"testing"
	"time"
)

// J += (|D| - J) / 16, worked out by hand.
func TestJitter(t *testing.T) {
	tests := []struct {
		name string
		rtts []time.Duration
		want time.Duration
		ok   bool
	}{
		{"nothing", nil, 0, false},
		{"the first is no jitter", []time.Duration{5_000_000}, 0, false},
		{"steady", []time.Duration{800, 800, 800}, 0, true},
		{"one step: 1600/16", []time.Duration{1000, 2600}, 100, true},
		{"down counts as up", []time.Duration{2600, 1000}, 100, true},
		// 100, then 100 + (1600-100)/16 = 193.75
		{"two steps", []time.Duration{1000, 2600, 1000}, 194, true},
		// 193.75, then 193.75 - 193.75/16 = 181.640625
		{"decays by a sixteenth", []time.Duration{1000, 2600, 1000, 1000}, 182, true},
		{"from zero", []time.Duration{0, 32}, 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var j Jitter
			for _, rtt := range tt.rtts {
				j.Add(rtt)
			}
			if got, ok := j.Value(); got != tt.want || ok != tt.ok {
				t.Errorf("%d, %v; want %d, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}
