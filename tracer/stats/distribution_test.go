package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func distribution(values ...time.Duration) *Distribution {
	d := &Distribution{}
	for _, v := range values {
		d.Add(v)
	}
	return d
}

// The numbers are worked out by hand, by nearest rank.
func TestQuantile(t *testing.T) {
	ten := []time.Duration{90, 10, 100, 20, 80, 30, 70, 40, 60, 50}
	tests := []struct {
		name   string
		values []time.Duration
		q      float64
		want   time.Duration
	}{
		{"nothing", nil, 0.5, 0},
		{"one is every quantile", []time.Duration{7}, 0.01, 7},
		{"median of an odd number", []time.Duration{3, 1, 2}, 0.5, 2},
		{"median of an even number is the lower one", []time.Duration{4, 1, 3, 2}, 0.5, 2},
		{"p90 of ten is the ninth", ten, 0.9, 90},
		{"p91 of ten is the tenth", ten, 0.91, 100},
		{"p99 of ten is the tenth", ten, 0.99, 100},
		{"a third of a rank counts as a whole one", []time.Duration{1, 2, 3, 4}, 0.8, 4},
		{"p0 is the least", ten, 0, 10},
		{"p100 is the greatest", ten, 1, 100},
		{"beyond 1 too", ten, 2, 100},
		{"zero is a time", []time.Duration{0, 0, 5}, 0.5, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := distribution(tt.values...).Quantile(tt.q); got != tt.want {
				t.Errorf("quantile %v = %d, want %d", tt.q, got, tt.want)
			}
		})
	}
}

// A sorted list is slower, and right: the histogram may differ by what three
// digits leave open, and never beyond what was there.
func TestAgainstSorting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		values := make([]time.Duration, 1+random.IntN(500))
		for i := range values {
			values[i] = time.Duration(math.Exp(random.Float64() * math.Log(float64(Highest))))
		}
		d := distribution(values...)
		slices.Sort(values)
		for _, q := range []float64{0.001, 0.07, 0.25, 0.5, 0.9, 0.99, 1} {
			want := values[max(0, int(math.Ceil(q*float64(len(values))-1e-6))-1)]
			if got := d.Quantile(q); got < want || float64(got) > float64(want)*1.001 {
				t.Fatalf("round %d: quantile %v of %d = %d, want %d", round, q, len(values), got, want)
			}
		}
		if d.Min() != values[0] || d.Max() != values[len(values)-1] || d.Count() != int64(len(values)) {
			t.Fatalf("round %d: %d from %v to %v", round, d.Count(), d.Min(), d.Max())
		}
	}
}

// What a histogram can't hold is counted as well, and what cannot be is told.
func TestOutOfRange(t *testing.T) {
	d := distribution(1, 2, -1, Highest, Highest+1, 5*Highest)
	if d.Count() != 5 || d.Over() != 2 || d.Negative() != 1 {
		t.Errorf("%d in all, %d over, %d negative; want 5, 2, 1", d.Count(), d.Over(), d.Negative())
	}
	if d.Max() != 5*Highest || d.Min() != 1 {
		t.Errorf("from %v to %v", d.Min(), d.Max())
	}
	if got := d.Quantile(0.4); got != 2 {
		t.Errorf("p40 = %d, want 2: those over count", got)
	}
	if got := d.Quantile(0.6); got < Highest || float64(got) > 1.001*float64(Highest) {
		t.Errorf("p60 = %v, want about %v", got, Highest)
	}
	if got := d.Quantile(0.8); got != 5*Highest {
		t.Errorf("p80 = %v, want the longest", got)
	}
}

func TestSummary(t *testing.T) {
	d := &Distribution{}
	for i := range 200 {
		d.Add(time.Duration(200 - i))
	}
	if got, want := d.Summary(), (Summary{200, 100, 180, 198, 200}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := (&Distribution{}).Summary(); got != (Summary{}) {
		t.Errorf("%+v of nothing", got)
	}
}

func TestCumulative(t *testing.T) {
	d := distribution(30, 10, 10, 3*time.Second, 2*Highest)
	var at []time.Duration
	var shares []float64
	for v, share := range d.Cumulative() {
		at, shares = append(at, v), append(shares, share)
	}
	if len(at) != 4 || at[0] != 10 || at[1] != 30 || at[3] != 2*Highest {
		t.Errorf("durations %v", at)
	}
	if !slices.Equal(shares, []float64{0.4, 0.6, 0.8, 1}) {
		t.Errorf("shares %v", shares)
	}
	for range d.Cumulative() {
		break // may be left early
	}
}
