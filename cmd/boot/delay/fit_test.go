package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

const ms = time.Millisecond

// line returns steps whose only RTT is a straight line's.
func straight(slope float64, intercept time.Duration) (all []step) {
	for _, d := range steps {
		rtt := intercept + time.Duration(slope*float64(d))
		all = append(all, step{delay: d, far: []probe{{RTT: rtt, Stamps: stamps{Egress: ms, Ingress: ms + rtt}}}})
	}
	return all
}

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		slope     float64
		intercept time.Duration
	}{{1, 0}, {1, ms}, {0.5, 3 * ms}, {0, ms}, {1.25, -ms}} {
		for _, of := range []func(step) time.Duration{step.rtt, step.tcx} {
			got := fit(straight(tt.slope, tt.intercept), of)
			if math.Abs(got.slope-tt.slope) > 1e-6 || (got.intercept-tt.intercept).Abs() > time.Microsecond {
				t.Errorf("%+v: %v", tt, got)
			}
		}
	}
}

// Numbers of a textbook's kind: points beside the line.
func TestFitLeastSquares(t *testing.T) {
	all := []step{
		{delay: 0, far: []probe{{RTT: 1 * ms}}},
		{delay: 1 * ms, far: []probe{{RTT: 3 * ms}}},
		{delay: 2 * ms, far: []probe{{RTT: 2 * ms}}},
	}
	if got := fit(all, step.rtt); math.Abs(got.slope-0.5) > 1e-9 || got.intercept != 1500*time.Microsecond {
		t.Errorf("%v, want slope 0.5, intercept 1.5ms", got)
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		slope float64
		first time.Duration
		want  string
	}{
		{1, ms, ""},
		{1.009, ms, ""},
		{1.02, ms, "slope is 1.02"},
		{0.98, 5 * ms, "slope is 0.98"},
		{math.NaN(), ms, "slope is NaN"},
		{1, -ms, "shorter than the delay of 50ms"},
	} {
		all := straight(1, tt.first)
		err := check(all, line{tt.slope, 0}, 0.01)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestQuantile(t *testing.T) {
	sorted := []int{1, 2, 3, 4, 5}
	for q, want := range map[float64]int{0: 1, 0.5: 3, 0.95: 4, 1: 5} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("quantile %v of %v: %d, want %d", q, sorted, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"hops":[{"probes":[{"status":"answered","rtt_ns":5,"source":"tcx"}]}]}`, ""},
		{`{"hops":[{"probes":[{"status":"answered","rtt_ns":5,"source":"user"}]}]}`, `timed by "user"`},
		{`{"hops":[{"probes":[{"status":"lost"}]}]}`, ""},
		{`{"hops":[]}`, "0 hops"},
		{``, "unexpected end"},
	} {
		_, err := answers([]byte(tt.text))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.text, err)
		}
	}
}
