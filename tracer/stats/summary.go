package stats

import "time"

// Summary is a distribution in five numbers. Durations are in nanoseconds.
type Summary struct {
	Count int64         `json:"n"`
	P50   time.Duration `json:"p50_ns"`
	P90   time.Duration `json:"p90_ns"`
	P99   time.Duration `json:"p99_ns"`
	Max   time.Duration `json:"max_ns"`
}

// Summary returns the distribution in five numbers, all 0 if it is empty.
func (d *Distribution) Summary() Summary {
	return Summary{d.Count(), d.Quantile(0.50), d.Quantile(0.90), d.Quantile(0.99), d.Max()}
}
