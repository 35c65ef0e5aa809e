package output

import (
	"fmt"
	"math"
	"time"
)

// units are those above nanoseconds, with the last digit that each shows.
var units = []struct {
	unit, step time.Duration
	format     string
}{
	{time.Microsecond, 100 * time.Nanosecond, "%.1f µs"},
	{time.Millisecond, 10 * time.Microsecond, "%.2f ms"},
	{time.Second, 10 * time.Millisecond, "%.2f s"},
}

// Duration writes a time with the unit that suits it: 850 ns, 84.2 µs, 12.34 ms,
// 1.20 s. It rounds before it chooses, so that no unit shows 1000.0 of itself.
func Duration(d time.Duration) string {
	if d < time.Microsecond {
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	}
	u := units[0]
	for _, next := range units[1:] {
		if d.Round(u.step) >= next.unit {
			u = next
		}
	}
	return fmt.Sprintf(u.format, float64(d.Round(u.step))/float64(u.unit))
}

// milliseconds is a time as other tracers write it: a number, three digits behind the
// point.
func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / 1000
}
