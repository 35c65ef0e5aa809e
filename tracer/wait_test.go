package tracer

import (
	"testing"
	"time"
)

func TestWaitTimeout(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name                string
		wait                Wait
		here, near, slowest time.Duration
		want                time.Duration
	}{
		{"nothing heard", Wait{}, 0, 0, 0, time.Second},
		{"nothing heard, bounded", Wait{Max: 3 * time.Second}, 0, 0, 0, 3 * time.Second},
		{"near hop in a LAN: the floor", Wait{}, 0, ms, ms, 500 * ms},
		{"three times here", Wait{}, 300 * ms, 10 * ms, 300 * ms, 900 * ms},
		{"ten times near", Wait{}, 0, 80 * ms, 80 * ms, 800 * ms},
		{"no more than a second above the slowest", Wait{}, 0, 250 * ms, 250 * ms, 1250 * ms},
		{"the user's bound counts alone", Wait{Max: 5 * time.Second}, 0, 250 * ms, 250 * ms, 2500 * ms},
		{"the user's bound below the floor", Wait{Max: 100 * ms}, 0, 250 * ms, 250 * ms, 100 * ms},
		{"here switched off", Wait{Here: -1}, 300 * ms, 60 * ms, 300 * ms, 600 * ms},
		{"both switched off", Wait{Here: -1, Near: -1}, 300 * ms, 60 * ms, 300 * ms, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.wait.withDefaults().timeout(tt.here, tt.near, tt.slowest); got != tt.want {
				t.Errorf("timeout = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestPatience(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name       string
		here, near time.Duration
		want       time.Duration
	}{
		{"nothing known", 0, 0, 250 * ms},
		{"never below the floor", ms, ms, 50 * ms},
		{"twice what was seen", 0, 100 * ms, 200 * ms},
		{"a quarter second above a slow hop", 400 * ms, 100 * ms, 650 * ms},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := patience(tt.here, tt.near); got != tt.want {
				t.Errorf("patience = %v, want %v", got, tt.want)
			}
		})
	}
}
