package live

import (
	"fmt"
	"time"
)

// unit is what all times of a table are in, so that they can be compared at a glance.
type unit struct {
	name  string
	of    time.Duration
	exact string // for times that leave room for decimals
}

var (
	micros = unit{"µs", time.Microsecond, "%.1f"}
	millis = unit{"ms", time.Millisecond, "%.2f"}
)

// wide is the number of digits before the point from which on none is shown behind.
const wide = 10_000

// fit returns the unit for times of which this one is typical.
func fit(typical time.Duration) unit {
	if typical < time.Millisecond {
		return micros
	}
	return millis
}

func (u unit) text(d time.Duration) string {
	v := float64(d) / float64(u.of)
	if v >= wide {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf(u.exact, v)
}
