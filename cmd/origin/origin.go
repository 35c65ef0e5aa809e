// Package origin finds out whose network an address is in, and where that says it is.
package origin

import (
	"context"
	"net/netip"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/names"
)

// Origin is the network of an address. What is not known is empty. Its texts come from
// whoever registered the network, and have to be made safe before they are shown.
type Origin struct {
	// AS holds the numbers of the systems that announce the address, as a rule one.
	AS []uint32
	// Name is that of the first of them.
	Name string
	// Prefix is the announced one that the address is in.
	Prefix netip.Prefix
	// Country is its code by ISO 3166-1, City its name in English.
	Country, City string
}

// Source knows some of an origin. What it has no word of it leaves as it is, and an
// error leaves it so too.
type Source interface {
	Find(ctx context.Context, addr netip.Addr, o *Origin) error
}

// Cache asks sources about each address once.
type Cache struct {
	*names.Beside[Origin]
	failures failures
}

// New returns an empty cache, whose sources are asked one after the other. Addresses
// that nobody can announce, private ones say, are not asked about.
func New(ctx context.Context, l names.Limits, sources ...Source) *Cache {
	c := &Cache{}
	c.Beside = names.NewBeside(ctx, l, func(ctx context.Context, addr netip.Addr) (o Origin) {
		if !public(addr) {
			return o
		}
		for _, s := range sources {
			c.failures.note(s.Find(ctx, addr, &o))
		}
		return o
	})
	return c
}

// Failures returns how many questions about addresses got no answer so far, and the
// first reason. That nothing is known of an address is an answer.
func (c *Cache) Failures() (n int, first error) {
	c.failures.mu.Lock()
	defer c.failures.mu.Unlock()
	return c.failures.n, c.failures.first
}

// Origin returns what is known of addr, and whether its lookup is over. It neither
// waits nor starts a lookup.
func (c *Cache) Origin(addr netip.Addr) (Origin, bool) { return c.Found(addr) }

// shared is for carriers' own networks (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(addr netip.Addr) bool {
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !shared.Contains(addr)
}

// field returns the n-th of the fields that bars separate, without spaces around it.
func field(text string, n int) string {
	fields := strings.Split(text, "|")
	if n >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[n])
}
