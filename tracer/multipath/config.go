package multipath

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Config says what to trace and how. The zero value of every field but Flow
// means its default.
type Config struct {
	// Flow is flow 0; the others are its family, see probe.Flow.Nth.
	Flow probe.Flow
	// Protocol builds the probes; UDP if nil.
	Protocol probe.Protocol
	// Confidence is the probability, at least, with which the whole graph is to
	// be found: 0.95.
	Confidence float64
	// Full asks for MDA everywhere, also where MDA-Lite would do: it needs no
	// assumption about diamonds, and more probes.
	Full bool
	// Destinations is the most neighbours of the target that are probed as well,
	// to find balancing per destination: 0, none; at most 253, the rest of a /24.
	Destinations int
	// FirstTTL and MaxTTL bound the TTLs probed: 1 and 30.
	FirstTTL, MaxTTL int
	// GapLimit is the number of silent hops in a row that ends a path: 8.
	GapLimit int
	// Window is the largest number of probes in flight: 50.
	Window int
	// Pace is the shortest time between two probes: 1 ms.
	Pace time.Duration
	// Wait bounds how long an answer is awaited. By default it is three times the
	// longest round-trip time yet, at least half a second; a second at first.
	Wait time.Duration
	// MaxProbes is the most probes sent: 20,000, and 60,000 at most.
	MaxProbes int
	// MaxFlows is the most flows used: 4096. With TCP, answers must be let in at
	// as many ports.
	MaxFlows int
	// MaxTime is the longest that a run takes: 5 minutes.
	MaxTime time.Duration
	// FirstIdent is the identifier to begin with; random if 0. Runs that follow
	// each other over one source go on with Result.NextIdent.
	FirstIdent uint16
	// OnProbe is called when a probe is sent and whenever its state changes.
	OnProbe func(tracer.Probe)
}

const (
	maxProbes       = 60_000 // there are 65,533 identifiers
	maxDestinations = 253
)

// WithDefaults returns the configuration with every zero field filled in.
func (c Config) WithDefaults() Config {
	if c.Protocol == nil {
		c.Protocol = probe.Protocols[0]
	}
	c.Confidence = cmp.Or(c.Confidence, 0.95)
	c.FirstTTL = cmp.Or(c.FirstTTL, 1)
	c.MaxTTL = cmp.Or(c.MaxTTL, 30)
	c.GapLimit = cmp.Or(c.GapLimit, 8)
	c.Window = cmp.Or(c.Window, 50)
	c.Pace = cmp.Or(c.Pace, time.Millisecond)
	c.MaxProbes = cmp.Or(c.MaxProbes, 20_000)
	c.MaxFlows = cmp.Or(c.MaxFlows, 4096)
	c.MaxTime = cmp.Or(c.MaxTime, 5*time.Minute)
	if c.OnProbe == nil {
		c.OnProbe = func(tracer.Probe) {}
	}
	return c
}

// check reports the first field that nothing can be run with.
func (c Config) check() error {
	switch {
	case !c.Flow.Target.IsValid() || !c.Flow.Source.IsValid():
		return fmt.Errorf("the flow needs a source and a target address")
	case !(c.Confidence > 0 && c.Confidence < 1):
		return fmt.Errorf("a confidence of %v is not between 0 and 1: use 0.95, say", c.Confidence)
	case c.FirstTTL < 1 || c.MaxTTL > 255 || c.FirstTTL > c.MaxTTL:
		return fmt.Errorf("TTLs from %d to %d: use a range within 1 to 255", c.FirstTTL, c.MaxTTL)
	case c.MaxProbes < 1 || c.MaxProbes > maxProbes:
		return fmt.Errorf("a budget of %d probes: use 1 to %d", c.MaxProbes, maxProbes)
	case c.MaxFlows < 1 || c.MaxFlows > probe.MaxFlow+1:
		return fmt.Errorf("a budget of %d flows: use 1 to %d", c.MaxFlows, probe.MaxFlow+1)
	case c.Destinations < 0 || c.Destinations > maxDestinations:
		return fmt.Errorf("%d further destinations: use 0 to %d", c.Destinations, maxDestinations)
	case c.Window < 1 || c.GapLimit < 1:
		return fmt.Errorf("window and gap limit must be at least 1")
	case c.Pace < 0 || c.Wait < 0 || c.MaxTime < 0:
		return fmt.Errorf("pace, wait and longest time must not be negative")
	}
	return nil
}
