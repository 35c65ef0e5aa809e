package output

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// columns are those of the CSV, in order. Columns may be added at the end.
var columns = []string{
	"target", "address", "source", "protocol", "port", "ttl", "query", "flow", "sent_at", "status",
	"from", "name", "rtt_ns", "timing", "kind", "icmp_type", "icmp_code", "reply_ttl", "duplicates",
	"asn", "as_name", "country", "city",
}

// csvWriter writes a row for each probe (RFC 4180, but lines end as Unix's do).
type csvWriter struct {
	w      *csv.Writer
	header Header
	shown  map[int]bool // by TTL
}

func newCSV(w io.Writer) Writer { return &csvWriter{w: csv.NewWriter(w), shown: make(map[int]bool)} }

func (c *csvWriter) Start(h Header) error {
	c.header = h
	return c.rows([][]string{columns})
}

func (c *csvWriter) Hop(h tracer.Hop) error {
	c.shown[h.TTL] = true
	rows := make([][]string, len(h.Probes))
	for i, p := range h.Probes {
		rows[i] = c.row(h.TTL, p)
	}
	return c.rows(rows)
}

// End writes the hops that never completed. Errors have no place here.
func (c *csvWriter) End(t *tracer.Trace, _ error) error {
	for _, h := range hopsLeft(t, c.shown) {
		if err := c.Hop(h); err != nil {
			return err
		}
	}
	return c.w.Error()
}

func (c *csvWriter) rows(rows [][]string) error {
	for _, r := range rows {
		if err := c.w.Write(r); err != nil {
			return err
		}
	}
	c.w.Flush()
	return c.w.Error()
}

func (c *csvWriter) row(ttl int, p tracer.Probe) []string {
	h, j := c.header, newProbe(c.header, p)
	o := j.Origin
	if o == nil {
		o = &originJSON{}
	}
	return []string{
		Safe(h.Target), Plain(h.Address).String(), Plain(h.Source).String(), h.Protocol, number(h.Port),
		strconv.Itoa(ttl), strconv.Itoa(p.Query), strconv.Itoa(p.Flow), j.SentAt, j.Status,
		j.From, j.Name, optional(j.RTT), j.Source, j.Kind, optional(j.ICMPType), optional(j.ICMPCode),
		optional(j.ReplyTTL), strconv.Itoa(p.Duplicates),
		Systems(h.origin(p.Answer.From)), o.Name, o.Country, o.City,
	}
}

// number writes a port; nothing for a protocol without.
func number(port uint16) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(int(port))
}

func optional[T int64 | uint8](v *T) string {
	if v == nil {
		return ""
	}
	return strconv.FormatInt(int64(*v), 10)
}

// hopsLeft returns the hops of a trace, if there is one, that were not shown.
func hopsLeft(t *tracer.Trace, shown map[int]bool) (left []tracer.Hop) {
	if t == nil {
		return nil
	}
	for _, h := range t.Hops {
		if !shown[h.TTL] {
			left = append(left, h)
		}
	}
	return left
}
