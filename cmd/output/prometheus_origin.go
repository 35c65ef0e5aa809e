package output

import (
	"net/netip"
	"strconv"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// networks is a metric of labels only, to be joined to the others by hop and responder,
// so that these stay the same series when a network gets another name.
func (m *prometheus) networks(hops []tracer.Hop) {
	const name = "ebpftrace_hop_info"
	first := true
	for _, h := range hops {
		for _, addr := range responders(h) {
			o := m.header.originJSON(addr)
			if o == nil {
				continue
			}
			if first {
				m.family(name, "gauge", "Network and place of who answered at a hop.")
				first = false
			}
			m.sample(name, 1, "hop", strconv.Itoa(h.TTL), "responder", Plain(addr).String(),
				"asn", Systems(m.header.origin(addr)), "as_name", o.Name, "prefix", o.Prefix, "country", o.Country, "city", o.City)
		}
	}
}

// responders are who answered at a hop, in the order in which they first did.
func responders(h tracer.Hop) (all []netip.Addr) {
	seen := map[netip.Addr]bool{}
	for _, p := range h.Probes {
		if p.State.Heard() && !seen[p.Answer.From] {
			seen[p.Answer.From] = true
			all = append(all, p.Answer.From)
		}
	}
	return all
}
