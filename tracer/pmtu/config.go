package pmtu

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Config says what to trace and how. The zero value of every field but Flow and MTU
// means its default.
type Config struct {
	// Flow is what probes have in common; Size and DontFragment are not looked at.
	Flow probe.Flow
	// Protocol builds the probes; UDP if nil.
	Protocol probe.Protocol
	// MTU is that of the interface that probes leave by, in bytes.
	MTU int
	// FirstTTL and MaxTTL bound the TTLs probed: 1 and 30.
	FirstTTL, MaxTTL int
	// Queries is the number of probes that a hop is sent with each length: 3.
	Queries int
	// Window is the largest number of probes in flight: 32.
	Window int
	// Pace is the shortest time between two probes: 1 ms.
	Pace time.Duration
	// GapLimit is the number of silent hops in a row that ends the path: 8.
	GapLimit int
	Wait     tracer.Wait
	// MaxTime ends the search for exact lengths: a minute.
	MaxTime time.Duration
	// FirstIdent is the identifier to begin with; random if 0.
	FirstIdent uint16
	// OnHop is called once for each hop, in order of TTL, when its MTU is known,
	// OnDrop for each drop, before the hops that are behind it.
	OnHop  func(Hop)
	OnDrop func(Drop)
}

const (
	// largest is the longest packet that probes can be.
	largest = 65535
	// MinMTU4 and MinMTU6 are the least that a link may have: RFC 791, 3.2 and
	// RFC 8200, 5.
	MinMTU4, MinMTU6 = 68, 1280
	// tcpPayload is the least payload of a SYN. It is more than there are probes
	// in flight, for a RST acknowledges it: an acknowledgement of one probe never
	// looks like that of a later one.
	tcpPayload = 128
)

// WithDefaults returns the configuration with every zero field filled in.
func (c Config) WithDefaults() Config {
	if c.Protocol == nil {
		c.Protocol = probe.Protocols[0]
	}
	c.FirstTTL = cmp.Or(c.FirstTTL, 1)
	c.MaxTTL = cmp.Or(c.MaxTTL, 30)
	c.Queries = cmp.Or(c.Queries, 3)
	c.Window = min(cmp.Or(c.Window, 32), tcpPayload/2)
	c.MaxTime = cmp.Or(c.MaxTime, time.Minute)
	c.Flow.DontFragment = true
	c.MTU = min(c.MTU, largest)
	if c.OnHop == nil {
		c.OnHop = func(Hop) {}
	}
	if c.OnDrop == nil {
		c.OnDrop = func(Drop) {}
	}
	return c
}

func (c Config) check() error {
	if small := c.small(); c.MTU <= small {
		return fmt.Errorf("an interface MTU of %d bytes: %s probes of path MTU discovery need more than %d",
			c.MTU, c.Protocol.Name(), small)
	}
	return nil
}

// small is the length of packets that are taken to get through everywhere.
func (c Config) small() int {
	if c.tcp() {
		return c.Protocol.MinSize(c.Flow.IPv6()) + tcpPayload
	}
	if c.Flow.IPv6() {
		return 80
	}
	return 60
}

// tcp reports whether answers of the target acknowledge what probes hold.
func (c Config) tcp() bool { return c.Protocol.Number(c.Flow.IPv6()) == wire.ProtocolTCP }

// minimum is the least MTU of a link of the family.
func (c Config) minimum() int {
	if c.Flow.IPv6() {
		return MinMTU6
	}
	return MinMTU4
}
