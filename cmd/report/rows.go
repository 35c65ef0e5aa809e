package report

import (
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// row is an address at a hop, in numbers.
type row struct {
	Hop                              string // with the letter that the plots have
	Address, Count, Loss             string
	Least, Median, P90, Most, Jitter string
}

func rows(all []*measured) (table []row) {
	for _, m := range all {
		for i, by := range m.by {
			v := row{
				Hop: fmt.Sprintf("%d%s", m.ttl, letter(i, len(m.by))), Address: output.Plain(by.addr).String(), Count: fmt.Sprintf("%d", by.answered),
				Least: "-", Median: "-", P90: "-", Most: "-", Jitter: "-",
			}
			if i == 0 && m.sent > 0 {
				v.Loss = fmt.Sprintf("%.0f %%", 100*float64(m.lost)/float64(m.sent))
			}
			if by.rtt.Count() > 0 {
				v.Least, v.Median, v.Most = output.Duration(by.rtt.Min()), output.Duration(by.rtt.Quantile(0.5)), output.Duration(by.rtt.Max())
			}
			if by.rtt.Count() >= 10 { // of fewer it would be the longest
				v.P90 = output.Duration(by.rtt.Quantile(0.9))
			}
			if j, ok := by.jitter.Value(); ok {
				v.Jitter = output.Duration(j)
			}
			table = append(table, v)
		}
	}
	return table
}

// probeRow is a probe in words.
type probeRow struct {
	TTL, Query     int
	At, Fate, From string
	RTT, Timing    string
}

// maxProbeRows bounds the table of probes.
const maxProbeRows = 1000

// probeRows lists the probes, and says how many it left out.
func probeRows(h output.Header, t *tracer.Trace) (table []probeRow, more int) {
	start := began(h, t)
	for _, hop := range t.Hops {
		for _, p := range hop.Probes {
			if len(table) == maxProbeRows {
				more++
				continue
			}
			table = append(table, newProbeRow(hop.TTL, p, start))
		}
	}
	return table, more
}

func newProbeRow(ttl int, p tracer.Probe, start time.Time) probeRow {
	v := probeRow{TTL: ttl, Query: p.Query + 1, Fate: fate(p)}
	if p.State != tracer.NotSent {
		v.At = fmt.Sprintf("%.1f ms", float64(p.SentAt.Sub(start))/float64(time.Millisecond))
	}
	if p.State.Heard() {
		v.From = output.Plain(p.Answer.From).String()
	}
	if p.State.Heard() && p.Timing.Name != "" {
		v.RTT, v.Timing = output.Duration(p.RTT), p.Timing.Name
	}
	return v
}

// fate says what became of a probe.
func fate(p tracer.Probe) string {
	switch {
	case p.State == tracer.NotSent && p.Err != nil:
		return "not sent: " + output.Safe(p.Err.Error())
	case p.State == tracer.NotSent:
		return "not sent"
	case p.State == tracer.Sent:
		return "still awaited"
	case p.State == tracer.Duplicate:
		return fmt.Sprintf("answered, %s more", output.Count(p.Duplicates, "time"))
	}
	if says := output.Meaning(p); p.State.Heard() && says != "" {
		return p.State.String() + ": " + says
	}
	return p.State.String()
}
