// Package names looks up the names of addresses beside a trace, without ever
// holding the trace up.
package names

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
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

// Cache asks for the name of each address once, and remembers the answer for as
// long as it lives. Its methods may be called from several goroutines.
//
// Names come from whoever runs the network: they are returned as they are, and
// have to be made safe before they are shown.
type Cache struct {
	ctx      context.Context
	resolver Resolver
	timeout  time.Duration
	slots    chan struct{}

	mu      sync.Mutex
	entries map[netip.Addr]*entry
}

// entry is the lookup of one address.
type entry struct {
	done chan struct{} // closed when the lookup is over
	name string        // valid once done is closed
}

// New returns an empty cache. When ctx ends, so do all lookups, and those not
// over yet find nothing.
func New(ctx context.Context, r Resolver, l Limits) *Cache {
	l = l.withDefaults()
	return &Cache{
		ctx:      ctx,
		resolver: r,
		timeout:  l.Timeout,
		slots:    make(chan struct{}, l.Concurrent),
		entries:  make(map[netip.Addr]*entry),
	}
}

// Lookup starts looking addr up unless that has been done, and returns at once.
// The channel is closed when the lookup is over, with or without a name.
func (c *Cache) Lookup(addr netip.Addr) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	addr = plain(addr)
	e, ok := c.entries[addr]
	if !ok {
		e = &entry{done: make(chan struct{})}
		c.entries[addr] = e
		go c.run(addr, e)
	}
	return e.done
}

// Name returns the name of addr, empty if it has none, and whether its lookup
// is over. It neither waits nor starts a lookup.
func (c *Cache) Name(addr netip.Addr) (string, bool) {
	c.mu.Lock()
	e, ok := c.entries[plain(addr)]
	c.mu.Unlock()
	if !ok {
		return "", false
	}
	select {
	case <-e.done:
		return e.name, true
	default:
		return "", false
	}
}

// Wait waits until the lookups started so far are over, but not longer than
// timeout. It reports whether they are.
func (c *Cache) Wait(timeout time.Duration) bool {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for _, e := range c.started() {
		select {
		case <-e.done:
		case <-timer.C:
			return false
		}
	}
	return true
}

func (c *Cache) started() []*entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*entry
	for _, e := range c.entries {
		all = append(all, e)
	}
	return all
}

// run fills in the entry once one of the slots is free.
func (c *Cache) run(addr netip.Addr, e *entry) {
	defer close(e.done)
	select {
	case c.slots <- struct{}{}:
	case <-c.ctx.Done():
		return
	}
	defer func() { <-c.slots }()
	ctx, cancel := context.WithTimeout(c.ctx, c.timeout)
	defer cancel()
	names, _ := c.resolver.LookupAddr(ctx, addr.String()) // no name is an answer too
	e.name = choose(names)
}

// choose takes one name of several. They come in any order; the least one is
// taken so that two runs agree.
func choose(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return strings.TrimSuffix(slices.Min(names), ".")
}

// plain drops what reverse names know nothing of: zones, and IPv4 in IPv6.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }
