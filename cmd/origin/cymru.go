package origin

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
)

// Resolver finds texts in the DNS; [net.Resolver] is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Cymru is Team Cymru's mapping of addresses to origins, by DNS
// (https://www.team-cymru.com/ip-asn-mapping). Its countries are those of registries.
type Cymru struct {
	Resolver Resolver

	mu    sync.Mutex
	names map[uint32]string // of systems asked about before
}

// Find asks for the origin of an address, and then for the name of its system:
//
//	23028 | 216.90.108.0/24 | US | arin | 1998-09-25
//	23028 | US | arin | 2002-01-04 | TEAMCYMRU, US
//
// Of several answers the one with the longest prefix counts.
func (c *Cymru) Find(ctx context.Context, addr netip.Addr, o *Origin) error {
	texts, err := c.Resolver.LookupTXT(ctx, reverse(addr))
	if err != nil {
		return err
	}
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(field(text, 1))
		if err != nil || !prefix.Contains(addr) || o.AS != nil && prefix.Bits() <= o.Prefix.Bits() {
			continue
		}
		if systems := numbers(field(text, 0)); len(systems) > 0 {
			o.AS, o.Prefix, o.Country = systems, prefix, field(text, 2)
		}
	}
	if o.AS == nil {
		return fmt.Errorf("the origin of %v: no answer that makes sense", addr)
	}
	o.Name, err = c.name(ctx, o.AS[0])
	return err
}

// name asks for the name of a system, once.
func (c *Cymru) name(ctx context.Context, as uint32) (string, error) {
	c.mu.Lock()
	name, ok := c.names[as]
	c.mu.Unlock()
	if ok {
		return name, nil
	}
	texts, err := c.Resolver.LookupTXT(ctx, fmt.Sprintf("AS%d.asn.cymru.com", as))
	if err != nil || len(texts) == 0 {
		return "", err
	}
	name = field(texts[0], 4)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = make(map[uint32]string)
	}
	c.names[as] = name
	return name, nil
}

// numbers reads the numbers of systems, which spaces separate.
func numbers(text string) (all []uint32) {
	for _, word := range strings.Fields(text) {
		if n, err := strconv.ParseUint(word, 10, 32); err == nil {
			all = append(all, uint32(n))
		}
	}
	return all
}

// reverse returns the name to ask for: the bytes of IPv4 or the nibbles of IPv6, the
// last first.
func reverse(addr netip.Addr) string {
	var labels []string
	b := addr.AsSlice()
	for i := len(b) - 1; i >= 0; i-- {
		if addr.Is4() {
			labels = append(labels, strconv.Itoa(int(b[i])))
			continue
		}
		labels = append(labels, strconv.FormatUint(uint64(b[i]&15), 16), strconv.FormatUint(uint64(b[i]>>4), 16))
	}
	zone := "origin6"
	if addr.Is4() {
		zone = "origin"
	}
	return strings.Join(labels, ".") + "." + zone + ".asn.cymru.com"
}
