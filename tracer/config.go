package tracer

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Config says what to trace and how. The zero value of every field but Flow
// means its default.
type Config struct {
	Flow probe.Flow
	// Protocol builds the probes; UDP if nil.
	Protocol probe.Protocol
	// FirstTTL and MaxTTL bound the TTLs probed: 1 and 30.
	FirstTTL, MaxTTL int
	// Queries is the number of probes a hop: 3.
	Queries int
	// Sizes, if set, are the lengths in bytes of a hop's probes, in order of
	// sending, in place of Flow.Size and Queries.
	Sizes []int
	// Window is the largest number of probes in flight: 32.
	Window int
	// Pace is the shortest time between two probes: 1 ms. A burst would
	// queue behind itself and inflate the round-trip times that it measures.
	Pace time.Duration
	// GapLimit is the number of silent hops in a row that ends a trace: 8.
	GapLimit int
	Wait     Wait
	// FirstIdent is the identifier to begin with; random if 0. Runs that
	// follow each other over one source go on with Trace.NextIdent, so that
	// nothing late from one is taken for another's.
	FirstIdent uint16
	// OnProbe is called when a probe is sent and whenever its state changes.
	OnProbe func(Probe)
	// OnHop is called once for each hop, in order of TTL, when nothing more
	// is awaited from it. A late answer after that is in the Trace alone.
	OnHop func(Hop)
}

// maxProbes leaves enough of the 65,536 identifiers for probes sent again.
const maxProbes = 30_000

// WithDefaults returns the configuration with every zero field filled in.
func (c Config) WithDefaults() Config {
	if c.Protocol == nil {
		c.Protocol = probe.Protocols[0]
	}
	c.FirstTTL = cmp.Or(c.FirstTTL, 1)
	c.MaxTTL = cmp.Or(c.MaxTTL, 30)
	c.Queries = cmp.Or(len(c.Sizes), c.Queries, 3)
	c.Window = cmp.Or(c.Window, 32)
	c.Pace = cmp.Or(c.Pace, time.Millisecond)
	c.GapLimit = cmp.Or(c.GapLimit, 8)
	c.Wait = c.Wait.withDefaults()
	if c.OnProbe == nil {
		c.OnProbe = func(Probe) {}
	}
	if c.OnHop == nil {
		c.OnHop = func(Hop) {}
	}
	return c
}

// check reports the first field that no trace can be run with.
func (c Config) check() error {
	switch {
	case !c.Flow.Target.IsValid() || !c.Flow.Source.IsValid():
		return fmt.Errorf("the flow needs a source and a target address")
	case c.Flow.Target.Is4() != c.Flow.Source.Is4():
		return fmt.Errorf("source %v and target %v are of different families", c.Flow.Source, c.Flow.Target)
	case c.FirstTTL < 1 || c.MaxTTL > 255:
		return fmt.Errorf("TTLs from %d to %d are outside of 1 to 255", c.FirstTTL, c.MaxTTL)
	case c.FirstTTL > c.MaxTTL:
		return fmt.Errorf("the first TTL %d is above the largest, %d", c.FirstTTL, c.MaxTTL)
	case c.Queries < 1 || c.Window < 1 || c.GapLimit < 1:
		return fmt.Errorf("queries, window and gap limit must be at least 1")
	case (c.MaxTTL-c.FirstTTL+1)*c.Queries > maxProbes:
		return fmt.Errorf("%d TTLs with %d queries each are more than %d probes",
			c.MaxTTL-c.FirstTTL+1, c.Queries, maxProbes)
	case c.Pace < 0:
		return fmt.Errorf("the pace %v is negative", c.Pace)
	}
	return nil
}
