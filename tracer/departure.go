package tracer

import "github.com/ebpftrace/ebpftrace/tracer/stamp"

// Departures is a [Source] that can tell how far a probe got on its way out of this
// host, though nothing answered it.
type Departures interface {
	// Departure returns what was stamped of the last probe with an identifier,
	// nothing if it was not seen, or is not kept any more.
	Departure(ident uint16) stamp.Set
}

// departures looks up the stamps of the probes that were lost.
func (r *run) departures(t *Trace) {
	source, ok := r.source.(Departures)
	if !ok {
		return
	}
	for _, h := range t.Hops {
		for i := range h.Probes {
			if p := &h.Probes[i]; p.State == Lost {
				p.Stamps.Fill(source.Departure(p.Ident))
			}
		}
	}
}

// Departure implements [Departures], by those sources that do.
func (m *merge) Departure(ident uint16) (all stamp.Set) {
	for _, s := range m.sources {
		if d, ok := s.(Departures); ok {
			all.Fill(d.Departure(ident))
		}
	}
	return all
}
