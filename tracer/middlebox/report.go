package middlebox

import (
	"cmp"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Report is what boxes on the way did to the probes of a trace.
type Report struct {
	// Changes are in order of the hop that shows them first.
	Changes []Change
	// NATs are the address translators, in the same order.
	NATs []NAT
	// Repeats are the runs of hops that answer from one address.
	Repeats []Repeat
	// Short names the hops that quote too little to tell of the whole
	// transport header, so that a change there shows only behind them.
	Short []Hop
}

// Analyze compares every quote in the trace with the probe that it is of. Quotes
// have to be those of the routers: package datagram makes up the quoted IP header.
func Analyze(t *tracer.Trace) Report {
	path := views(t)
	var r Report
	for _, f := range fields {
		r.Changes = append(r.Changes, changes(path, f)...)
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int { return cmp.Compare(a.Before.TTL, b.Before.TTL) })
	r.Repeats = repeats(t)
	r.NATs = nats(r.Changes, r.Repeats)
	r.Short = short(path)
	return r
}

// Quoting returns the number of hops that quoted a probe.
func Quoting(t *tracer.Trace) int { return len(views(t)) }

// short returns the hops that show no checksum: that of TCP lies behind the 8
// bytes that have to be quoted.
func short(path []view) (all []Hop) {
	for _, v := range path {
		if _, _, _, ok := v.state(Checksum); !ok {
			all = append(all, v.Hop)
		}
	}
	return all
}
