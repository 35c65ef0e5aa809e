package loss

import (
	"math"

	"github.com/ebpftrace/ebpftrace/tracer/chance"
)

// Count is how many probes there were, and how many of them nobody answered.
type Count struct {
	Lost int `json:"lost"`
	Sent int `json:"sent"`
}

func (c Count) plus(o Count) Count { return Count{c.Lost + o.Lost, c.Sent + o.Sent} }

// Rate returns the fraction that was lost; 0 of no probes.
func (c Count) Rate() float64 {
	if c.Sent == 0 {
		return 0
	}
	return float64(c.Lost) / float64(c.Sent)
}

// z is the quantile of the normal distribution for 95 %, two-sided.
const z = 1.959963984540054

// Interval returns the 95 % confidence interval of the fraction lost (Wilson, JASA
// 22, 1927). Of no probes it is everything from 0 to 1.
func (c Count) Interval() (low, high float64) {
	if c.Sent == 0 {
		return 0, 1
	}
	n, p := float64(c.Sent), c.Rate()
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// more returns how likely it is that a lost as much as it did, or more, if it loses
// no more often than b: Fisher's exact test, one-sided.
func more(a, b Count) (p float64) { return chance.Fisher(a.Lost, a.Sent, b.Lost, b.Sent) }
