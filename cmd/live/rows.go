package live

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// row is a line of the table: a responder at a hop, or hops that nobody answers at.
type row struct {
	hop  *rounds.Hop // the first of them
	last int         // the last TTL of silent hops
	from *rounds.Responder
	// first says that this is the hop's own line; further responders have
	// theirs below.
	first bool
	timed *rounds.Timed // nil: nothing timed
	// real says that the hop's loss is no less than that of some hop beyond:
	// it may be one of packets, and not of this hop's answers alone.
	real float64
	// jump says that most of the path's delay comes in at this hop.
	jump bool
	// added is by how much the median is above the highest before, at the hop behind;
	// 0 is none.
	added  time.Duration
	behind int
	// changed is when the path last changed here.
	changed time.Time
}

// maxFurther is how many responders of a hop have a line beside the first.
const maxFurther = 3

// tableRows returns the lines of the table.
func tableRows(r *rounds.Record) []row {
	var rows []row
	for _, h := range r.Hops() {
		if len(h.Responders) > 0 {
			rows = append(rows, responders(h)...)
			continue
		}
		if n := len(rows); n > 0 && rows[n-1].from == nil {
			rows[n-1].last = h.TTL
			continue
		}
		rows = append(rows, row{hop: h, last: h.TTL, first: true})
	}
	judgeLoss(rows)
	judgeDelay(rows)
	for _, c := range r.Changes {
		for i := range rows {
			if rows[i].first && rows[i].hop.TTL == c.TTL {
				rows[i].changed = c.At
			}
		}
	}
	return rows
}

func responders(h *rounds.Hop) (rows []row) {
	for i, from := range h.Responders[:min(len(h.Responders), 1+maxFurther)] {
		timed, _ := from.Timed()
		rows = append(rows, row{hop: h, last: h.TTL, from: from, first: i == 0, timed: timed})
	}
	return rows
}

// judgeLoss finds the loss at each hop that some hop beyond does not refute: packets
// that a hop loses do not come to those beyond.
func judgeLoss(rows []row) {
	least := 1.0
	for i := len(rows) - 1; i >= 0; i-- {
		if r := &rows[i]; r.first && r.from != nil {
			least = min(least, r.hop.Loss())
			r.real = least
		}
	}
}

// A hop is marked as slow if its median is above that of the hops before by so much,
// and by this share of the path's.
const (
	slow      = time.Millisecond
	slowShare = 0.4
)

func judgeDelay(rows []row) {
	var whole, before time.Duration
	highest := 0
	for _, r := range rows {
		if r.first && r.timed != nil {
			whole = r.median()
		}
	}
	for i := range rows {
		r := &rows[i]
		if !r.first || r.timed == nil {
			continue
		}
		d := r.median() - before
		r.jump = d >= slow && float64(d) >= slowShare*float64(whole)
		if r.added, r.behind = d, highest; d > 0 {
			before, highest = r.median(), r.hop.TTL
		}
	}
}

func (r row) median() time.Duration { return r.timed.RTT.Quantile(0.5) }

// addr is who answered; invalid if nobody did.
func (r row) addr() netip.Addr {
	if r.from == nil {
		return netip.Addr{}
	}
	return r.from.Addr
}

// typical returns the longest median of the table.
func typical(rows []row) (most time.Duration) {
	for _, r := range rows {
		if r.timed != nil {
			most = max(most, r.median())
		}
	}
	return most
}

// label is a name with its address where that is wanted and known.
func label(names output.Names, addr netip.Addr) (name, address string) {
	address = output.Plain(addr).String()
	if names == nil {
		return "", address
	}
	name, _ = names.Name(addr)
	return output.Safe(name), address
}
