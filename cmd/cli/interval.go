package cli

import (
	"fmt"
	"strconv"
	"time"
)

// intervalFlag is mtr(8)'s -i: seconds, or a time with its unit.
type intervalFlag time.Duration

func (i *intervalFlag) String() string { return time.Duration(*i).String() }
func (i *intervalFlag) Type() string   { return "SECONDS" }

// The shortest interval leaves routers that limit their answers a chance.
const (
	leastInterval   = 10 * time.Millisecond
	longestInterval = time.Hour
)

func (i *intervalFlag) Set(s string) error {
	d, err := time.ParseDuration(s)
	if n, nerr := strconv.ParseFloat(s, 64); nerr == nil && n >= 0 && n <= longestInterval.Seconds() {
		d, err = seconds(n), nil
	}
	if err != nil || d < leastInterval || d > longestInterval {
		return fmt.Errorf("give seconds, as in 0.5 or 500ms, from %v to %v", leastInterval, longestInterval)
	}
	*i = intervalFlag(d)
	return nil
}
