package record

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// networks returns what is known of the networks of all that answered.
func networks(from output.Origins, t *tracer.Trace) map[netip.Addr]origin.Origin {
	all := map[netip.Addr]origin.Origin{}
	hops := t.Hops
	for _, r := range t.Rounds {
		hops = append(hops[:len(hops):len(hops)], r.Hops...)
	}
	for _, h := range hops {
		for _, p := range h.Probes {
			if !p.State.Heard() {
				continue
			}
			if o, over := from.Origin(p.Answer.From); over {
				all[output.Plain(p.Answer.From)] = o
			}
		}
	}
	return all
}

// register holds the networks that a file has.
type register map[netip.Addr]origin.Origin

// Lookup implements output.Origins: it is always over.
func (r register) Lookup(addr netip.Addr) <-chan struct{} { return book(nil).Lookup(addr) }

// Origin implements output.Origins.
func (r register) Origin(addr netip.Addr) (origin.Origin, bool) {
	o, ok := r[output.Plain(addr)]
	return o, ok
}
