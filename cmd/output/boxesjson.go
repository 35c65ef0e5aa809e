package output

import (
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
)

// boxes is what a document says of boxes on the way. See package middlebox for
// what the fields mean.
type boxes struct {
	Changes []changeJSON `json:"changes,omitempty"`
	NAT     []natJSON    `json:"nat,omitempty"`
	Repeats []repeatJSON `json:"repeated_addresses,omitempty"`
	// Short holds the hops that quote too little to tell all.
	Short []placeJSON `json:"short_quotes,omitempty"`
}

// placeJSON is a hop; TTL 0 is this host, which has no address here.
type placeJSON struct {
	TTL     int    `json:"ttl"`
	Address string `json:"address,omitempty"`
}

type changeJSON struct {
	Field    middlebox.Field `json:"field"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Off      string          `json:"off_by,omitempty"`
	After    placeJSON       `json:"after"`
	Before   placeJSON       `json:"before"`
	Restored bool            `json:"restored,omitempty"`
	Harmless bool            `json:"harmless,omitempty"`
	Probes   int             `json:"probes"`
	Of       int             `json:"of_probes"`
}

type natJSON struct {
	After      placeJSON         `json:"after"`
	Before     placeJSON         `json:"before"`
	Shown      []middlebox.Field `json:"shown_by"`
	Inferred   bool              `json:"inferred,omitempty"`
	Source     string            `json:"source_address,omitempty"`
	Difference string            `json:"checksum_off_by,omitempty"`
}

type repeatJSON struct {
	First   placeJSON         `json:"first"`
	Last    placeJSON         `json:"last"`
	Verdict middlebox.Verdict `json:"verdict"`
	Why     string            `json:"why"`
}

// enterBoxes puts it into the document.
func enterBoxes(d *document, _ Header, t *tracer.Trace) {
	r := middlebox.Analyze(t)
	for _, c := range r.Changes {
		d.Changes = append(d.Changes, changeJSON{c.Field, c.From, c.To, c.Off, placeOf(c.After), placeOf(c.Before),
			c.Restored, c.Harmless(), c.Probes, c.Of})
	}
	for _, n := range r.NATs {
		j := natJSON{After: placeOf(n.After), Before: placeOf(n.Before), Shown: n.Shown, Inferred: n.Inferred(), Difference: n.Difference}
		if n.Source.IsValid() {
			j.Source = Plain(n.Source).String()
		}
		d.NAT = append(d.NAT, j)
	}
	for _, p := range r.Repeats {
		d.Repeats = append(d.Repeats, repeatJSON{placeOf(p.First), placeOf(p.Last), p.Verdict, p.Why})
	}
	for _, s := range r.Short {
		d.Short = append(d.Short, placeOf(s))
	}
}

func placeOf(h middlebox.Hop) placeJSON {
	if !h.Addr.IsValid() {
		return placeJSON{TTL: h.TTL}
	}
	return placeJSON{h.TTL, Plain(h.Addr).String()}
}
