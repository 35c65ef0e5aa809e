package sim

import (
	"fmt"
	"time"
)

// Scenario describes a network, and what a trace through it must find.
type Scenario struct {
	Name        string `toml:"name"`
	Description string `toml:"description"`
	// Entry names the node that packets come to first, the hop of TTL 1.
	Entry string `toml:"entry"`
	// Target names the node that Truth is about.
	Target string `toml:"target"`
	Nodes  []Node `toml:"node"`
	Truth  Truth  `toml:"truth"`
}

// Duration is a time.Duration that scenario files write as "1.5ms".
type Duration struct{ time.Duration }

// UnmarshalText accepts what time.ParseDuration does, from 0 to an hour.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	if err == nil && (d.Duration < 0 || d.Duration > time.Hour) {
		return fmt.Errorf("duration %s is not from 0 to 1h", text)
	}
	return err
}
