package names

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// Beside finds out something about addresses beside whatever goes on: it asks about
// each once, and remembers the answer for as long as it lives. Its methods may be
// called from several goroutines.
type Beside[V any] struct {
	ctx     context.Context
	find    func(context.Context, netip.Addr) V
	timeout time.Duration
	slots   chan struct{}

	mu      sync.Mutex
	entries map[netip.Addr]*entry[V]
}

// entry is the lookup of one address.
type entry[V any] struct {
	done  chan struct{} // closed when the lookup is over
	value V             // valid once done is closed
}

// NewBeside returns an empty one that asks find, with addresses without zone and IPv4
// as such. When ctx ends, so do all lookups, and those not over yet find nothing.
func NewBeside[V any](ctx context.Context, l Limits, find func(context.Context, netip.Addr) V) *Beside[V] {
	l = l.withDefaults()
	return &Beside[V]{
		ctx:     ctx,
		find:    find,
		timeout: l.Timeout,
		slots:   make(chan struct{}, l.Concurrent),
		entries: make(map[netip.Addr]*entry[V]),
	}
}

// Lookup starts looking addr up unless that has been done, and returns at once.
// The channel is closed when the lookup is over, with or without success.
func (c *Beside[V]) Lookup(addr netip.Addr) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	addr = plain(addr)
	e, ok := c.entries[addr]
	if !ok {
		e = &entry[V]{done: make(chan struct{})}
		c.entries[addr] = e
		go c.run(addr, e)
	}
	return e.done
}

// Found returns what was found out about addr, the zero value if nothing was, and
// whether its lookup is over. It neither waits nor starts a lookup.
func (c *Beside[V]) Found(addr netip.Addr) (v V, over bool) {
	c.mu.Lock()
	e, ok := c.entries[plain(addr)]
	c.mu.Unlock()
	if !ok {
		return v, false
	}
	select {
	case <-e.done:
		return e.value, true
	default:
		return v, false
	}
}

// Wait waits until the lookups started so far are over, but not longer than
// timeout. It reports whether they are.
func (c *Beside[V]) Wait(timeout time.Duration) bool {
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

func (c *Beside[V]) started() []*entry[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*entry[V]
	for _, e := range c.entries {
		all = append(all, e)
	}
	return all
}

// run fills in the entry once one of the slots is free.
func (c *Beside[V]) run(addr netip.Addr, e *entry[V]) {
	defer close(e.done)
	select {
	case c.slots <- struct{}{}:
	case <-c.ctx.Done():
		return
	}
	defer func() { <-c.slots }()
	ctx, cancel := context.WithTimeout(c.ctx, c.timeout)
	defer cancel()
	e.value = c.find(ctx, addr)
}

// plain drops what the world knows nothing of: zones, and IPv4 in IPv6.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }
