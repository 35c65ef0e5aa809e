package bench

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// Columns returns the parts that delays were divided into, in the order in which
// they are passed, over all hops.
func (r *Result) Columns() (columns []string) {
	known := map[string]bool{}
	r.divisions(func(_ *stats.Hop, _ *stats.Responder, d *stats.Division) {
		spans, _, _ := d.Spans()
		for _, s := range spans {
			if !known[s.Parts] {
				known[s.Parts] = true
				columns = append(columns, s.Parts)
			}
		}
	})
	return columns
}

// divisions calls fn for each address that answered, and last for all, without.
func (r *Result) divisions(fn func(*stats.Hop, *stats.Responder, *stats.Division)) {
	for _, h := range r.Path.Hops() {
		for _, responder := range h.Responders {
			fn(h, responder, &responder.Division)
		}
	}
	fn(nil, nil, &r.Path.Total.Division)
}

// divisions writes where the time went: two lines for each address.
func (t *text) divisions(r *Result) {
	columns := r.Columns()
	if len(columns) == 0 {
		return
	}
	t.line("where the time goes")
	heads := fmt.Sprintf("    %-28s     ", "hop")
	for _, c := range columns {
		heads += fmt.Sprintf(" %*s", width(c), c)
	}
	t.line("%s", heads)
	r.divisions(func(h *stats.Hop, responder *stats.Responder, d *stats.Division) {
		label := "all hops"
		if h != nil {
			label = fmt.Sprintf("%2d  %v%s", h.TTL, responder.Addr, r.By(responder))
		}
		t.line("    %-28s p50 %s", label, strings.Join(cells(d, columns, 0.5), " "))
		t.line("    %-28s p99 %s", "", strings.Join(cells(d, columns, 0.99), " "))
	})
}

func width(column string) int { return max(9, utf8.RuneCountInString(column)) }

// cells returns a quantile of each column's part.
func cells(d *stats.Division, columns []string, q float64) []string {
	spans, _, _ := d.Spans()
	all := make([]string, len(columns))
	for i, c := range columns {
		v := "-"
		for _, s := range spans {
			if s.Parts == c && s.Time.Count() > 0 {
				v = output.Duration(s.Time.Quantile(q))
			}
		}
		all[i] = fmt.Sprintf("%*s", width(c), v)
	}
	return all
}
