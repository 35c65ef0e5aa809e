package output

import (
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
)

// boxes is what a document says of boxes on the way. See package middlebox for
// what the fields mean.
type boxes struct {
	Changes []headerChange    `json:"changes,omitempty"`
	NAT     []natJSON         `json:"nat,omitempty"`
	Repeats []repeatedAddress `json:"repeated_addresses,omitempty"`
	// Short holds the hops that quote too little to tell all.
	Short []boxPlace `json:"short_quotes,omitempty"`
}

// boxPlace is a hop; TTL 0 is this host, which has no address here.
type boxPlace struct {
	TTL     int    `json:"ttl"`
	Address string `json:"address,omitempty"`
}

type headerChange struct {
	Field    middlebox.Field `json:"field"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Off      string          `json:"off_by,omitempty"`
	After    boxPlace        `json:"after"`
	Before   boxPlace        `json:"before"`
	Restored bool            `json:"restored,omitempty"`
	Harmless bool            `json:"harmless,omitempty"`
	Probes   int             `json:"probes"`
	Of       int             `json:"of_probes"`
}

type natJSON struct {
	After      boxPlace          `json:"after"`
	Before     boxPlace          `json:"before"`
	Shown      []middlebox.Field `json:"shown_by"`
	Inferred   bool              `json:"inferred,omitempty"`
	Source     string            `json:"source_address,omitempty"`
	Difference string            `json:"checksum_off_by,omitempty"`
}

type repeatedAddress struct {
	First   boxPlace          `json:"first"`
	Last    boxPlace          `json:"last"`
	Verdict middlebox.Verdict `json:"verdict"`
	Why     string            `json:"why"`
}

// enterBoxes puts it into the document.
func enterBoxes(d *document, _ Header, t *tracer.Trace) {
	r := middlebox.Analyze(t)
	for _, c := range r.Changes {
		d.Changes = append(d.Changes, headerChange{c.Field, c.From, c.To, c.Off, boxPlaceOf(c.After), boxPlaceOf(c.Before),
			c.Restored, c.Harmless(), c.Probes, c.Of})
	}
	for _, n := range r.NATs {
		j := natJSON{After: boxPlaceOf(n.After), Before: boxPlaceOf(n.Before), Shown: n.Shown, Inferred: n.Inferred(), Difference: n.Difference}
		if n.Source.IsValid() {
			j.Source = Plain(n.Source).String()
		}
		d.NAT = append(d.NAT, j)
	}
	for _, p := range r.Repeats {
		d.Repeats = append(d.Repeats, repeatedAddress{boxPlaceOf(p.First), boxPlaceOf(p.Last), p.Verdict, p.Why})
	}
	for _, s := range r.Short {
		d.Short = append(d.Short, boxPlaceOf(s))
	}
}

func boxPlaceOf(h middlebox.Hop) boxPlace {
	if !h.Addr.IsValid() {
		return boxPlace{TTL: h.TTL}
	}
	return boxPlace{h.TTL, Plain(h.Addr).String()}
}
