package report

import (
	"slices"
	"testing"

	"gonum.org/v1/plot"
)

func labels(ticks []plot.Tick) (all []string) {
	for _, t := range ticks {
		if t.Label != "" {
			all = append(all, t.Label)
		}
	}
	return all
}

func TestTicks(t *testing.T) {
	tests := []struct {
		name        string
		ticker      plot.Ticker
		least, most float64
		want        []string
	}{
		{"decades", logTicks{}, 10, 1e7, []string{"10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms"}},
		{"less than two decades", logTicks{}, 2e4, 5e5, []string{"20 µs", "50 µs", "100 µs", "200 µs", "500 µs"}},
		{"linear", linearTicks{}, 0, 2e5, []string{"0", "50 µs", "100 µs", "150 µs", "200 µs"}},
		{"linear, with a fraction", linearTicks{}, 0, 2e9, []string{"0", "500 ms", "1 s", "1.5 s", "2 s"}},
		{"nothing", linearTicks{}, 0, 1, []string{"0", "1 ns"}},
		{"shares", shareTicks{}, 0, 1, []string{"0 %", "25 %", "50 %", "75 %", "90 %", "100 %"}},
	}
	for _, tt := range tests {
		if got := labels(tt.ticker.Ticks(tt.least, tt.most)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRounding(t *testing.T) {
	tests := []struct{ v, inward, outward float64 }{
		{1, 1, 1}, {1.5, 1, 2}, {2, 2, 2}, {3, 2, 5}, {5, 5, 5}, {7, 5, 10}, {10, 10, 10}, {99, 50, 100}, {2e6, 2e6, 2e6},
	}
	for _, tt := range tests {
		if in, out := inward(tt.v), outward(tt.v); in != tt.inward || out != tt.outward {
			t.Errorf("%v: from %v to %v, want %v to %v", tt.v, in, out, tt.inward, tt.outward)
		}
	}
}

// Each ink has a colour of its own, which the drawing library's rounding keeps.
func TestInks(t *testing.T) {
	seen := map[string]string{}
	for _, name := range inks {
		h := hex(ink(name))
		if other, taken := seen[h]; taken {
			t.Errorf("%s and %s are both drawn as %s", name, other, h)
		}
		seen[h] = name
		if got := restore(`style="fill:` + h + `"`); got != `style="fill:var(--`+name+`)"` {
			t.Errorf("%s comes back as %s", name, got)
		}
	}
	if got := slug("queue + network + receive path"); got != "network" {
		t.Errorf("drawn as %q, want network", got)
	}
	if got := slug("sundial"); got != "plain" {
		t.Errorf("drawn as %q, want plain", got)
	}
}
