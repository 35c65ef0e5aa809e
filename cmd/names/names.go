// Package names looks up the names of addresses beside a trace, without ever
// holding the trace up.
package names

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Resolver finds names by address; [net.Resolver] is one.
type Resolver interface {
	// LookupAddr returns the names of the address. It may return names
	// together with an error about others that it dropped.
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Limits bounds what lookups may cost. The zero value of a field means its
// default.
type Limits struct {
	// Concurrent is the largest number of lookups under way at a time: 8.
	Concurrent int
	// Timeout ends a single lookup, counted from its start: 5 s.
	Timeout time.Duration
}

func (l Limits) withDefaults() Limits {
	if l.Concurrent <= 0 {
		l.Concurrent = 8
	}
	if l.Timeout <= 0 {
		l.Timeout = 5 * time.Second
	}
	return l
}

// Cache holds the names of addresses.
//
// Names come from whoever runs the network: they are returned as they are, and
// have to be made safe before they are shown.
type Cache struct{ *Beside[string] }

// New returns an empty cache. When ctx ends, so do all lookups, and those not
// over yet find nothing.
func New(ctx context.Context, r Resolver, l Limits) *Cache {
	return &Cache{NewBeside(ctx, l, func(ctx context.Context, addr netip.Addr) string {
		names, _ := r.LookupAddr(ctx, addr.String()) // no name is an answer too
		return choose(names)
	})}
}

// Name returns the name of addr, empty if it has none, and whether its lookup
// is over. It neither waits nor starts a lookup.
func (c *Cache) Name(addr netip.Addr) (string, bool) { return c.Found(addr) }

// choose takes one name of several. They come in any order; the least one is
// taken so that two runs agree.
func choose(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return strings.TrimSuffix(slices.Min(names), ".")
}
