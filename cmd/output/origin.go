package output

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
)

// Origins finds the networks of addresses. Neither method waits for the network.
type Origins interface {
	// Lookup starts looking addr up unless that has been done. The channel
	// is closed when the lookup is over, with or without success.
	Lookup(addr netip.Addr) <-chan struct{}
	// Origin returns what is known of addr, and whether its lookup is over.
	Origin(addr netip.Addr) (origin.Origin, bool)
}

// originName is the longest name of a network or place in text, in characters.
const originName = 24

// lookups starts what is wanted to be known of an address.
func (h Header) lookups(addr netip.Addr) (all []<-chan struct{}) {
	if h.Names != nil {
		all = append(all, h.Names.Lookup(addr))
	}
	if h.Origins != nil {
		all = append(all, h.Origins.Lookup(addr))
	}
	return all
}

// origin returns what is known of an address by now.
func (h Header) origin(addr netip.Addr) (o origin.Origin) {
	if h.Origins != nil {
		o, _ = h.Origins.Origin(addr)
	}
	return o
}

// network is the origin of an address in brackets, as in [AS64500 EXAMPLE, NL Utrecht];
// empty if none is known.
func (h Header) network(addr netip.Addr) string {
	o := h.origin(addr)
	var parts []string
	for _, words := range [][]string{
		{Systems(o), safeName(o.Name, originName)}, {safeName(o.Country, originName), safeName(o.City, originName)},
	} {
		if text := strings.TrimSpace(strings.Join(words, " ")); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Network is the origin of an address in words, as in AS64500 EXAMPLE, NL Utrecht; empty
// if none is known.
func (h Header) Network(addr netip.Addr) string {
	return strings.TrimSuffix(strings.TrimPrefix(h.network(addr), "["), "]")
}

// Systems writes the numbers of an origin as traceroute(8) does: AS64500/AS64501.
func Systems(o origin.Origin) string {
	all := make([]string, len(o.AS))
	for i, n := range o.AS {
		all[i] = fmt.Sprintf("AS%d", n)
	}
	return strings.Join(all, "/")
}

// originJSON is what is known of the network of an address.
type originJSON struct {
	AS      []uint32 `json:"asn,omitempty"`
	Name    string   `json:"as_name,omitempty"`
	Prefix  string   `json:"prefix,omitempty"`
	Country string   `json:"country,omitempty"`
	City    string   `json:"city,omitempty"`
}

func (h Header) originJSON(addr netip.Addr) *originJSON {
	o := h.origin(addr)
	j := originJSON{
		AS: o.AS, Name: safeName(o.Name, jsonName), Country: safeName(o.Country, jsonName), City: safeName(o.City, jsonName),
	}
	if o.Prefix.IsValid() {
		j.Prefix = o.Prefix.String()
	}
	if j.AS == nil && j.Prefix == "" && j.Country == "" && j.City == "" {
		return nil
	}
	return &j
}
