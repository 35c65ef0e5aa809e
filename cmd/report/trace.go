package report

import (
	_ "embed"
	"fmt"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

//go:embed trace.html
var traceText string

//go:embed trace.css
var traceStyle string

var tracePage = parse(traceText, style+traceStyle)

// traceView is what the page of a trace shows.
type traceView struct {
	Name, Address    string // the address only if the target was named
	Started, Outcome string
	Reached          bool
	Facts            []fact
	Findings         []string
	Stops            []stop
	Ladder, Series   figure
	Divided          figure
	Parts            []key
	Rows             []row
	Probes           []probeRow
	More             int // probes that there is no room for
	Remarks          []string
}

// WriteTrace writes the page of a trace: what output.Writer.Start was given, and what
// tracer.Run returned, of which the trace is not nil. As with Write, text from the
// network is escaped, and nothing is written if the page can't be made.
func WriteTrace(w io.Writer, h output.Header, t *tracer.Trace, failed error) error {
	v, err := newTraceView(h, t, failed)
	if err != nil {
		return err
	}
	return execute(w, tracePage, v)
}

func newTraceView(h output.Header, t *tracer.Trace, failed error) (*traceView, error) {
	r := &bench.Result{Header: h, Counters: t.Counters, Tally: t.Tally}
	for _, hop := range t.Hops {
		r.Path.Add(hop)
	}
	v := &traceView{
		Name: output.Safe(h.Target), Address: output.Plain(h.Address).String(), Started: began(h, t).UTC().Format("2006-01-02 15:04:05 UTC"),
		Outcome: output.Outcome(t, failed), Reached: t.Reached(), Facts: traceFacts(h),
		Findings: output.Findings(h, t), Remarks: r.Remarks(),
	}
	if v.Name == v.Address || v.Name == "" {
		v.Name, v.Address = v.Address, ""
	}
	for _, c := range r.Columns() {
		v.Parts = append(v.Parts, key{Name: c, Class: slug(c), Words: explained[c]})
	}
	all := measure(t.Hops)
	v.Stops, v.Rows = stops(r, all), rows(all)
	v.Probes, v.More = probeRows(h, t)
	return v, v.draw(r, all, t)
}

func began(h output.Header, t *tracer.Trace) time.Time {
	if t.Started.IsZero() {
		return h.Started
	}
	return t.Started
}

func protocol(h output.Header) string {
	if h.Port == 0 {
		return h.Protocol
	}
	return fmt.Sprintf("%s port %d", h.Protocol, h.Port)
}

func traceFacts(h output.Header) []fact {
	return []fact{
		{"Probes", fmt.Sprintf("%s, %d bytes", protocol(h), h.Size)},
		{"Timed by", timedBy(h)},
		{"From", fmt.Sprintf("%v on %s", output.Plain(h.Source), output.Safe(h.Interface))},
	}
}

func timedBy(h output.Header) string {
	if h.Rung == "" {
		return output.Safe(h.Timing)
	}
	return fmt.Sprintf("%s (%s)", output.Safe(h.Timing), output.Safe(h.Rung))
}
