package report

import (
	_ "embed"
	"html/template"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

//go:embed multipath.html
var multipathText string

//go:embed multipath.css
var multipathStyle string

var multipathPage = parse(multipathText, style+traceStyle+multipathStyle)

// multipathView is what the page of a search for all paths shows.
type multipathView struct {
	Name, Address string // the address only if the target was named
	Started       string
	Reached, Sure bool // Sure: the confidence wanted was reached
	Facts         []fact
	Said          output.MultipathSaid
	Graph         graphFigure
	Hops          []wayHop
	Rows          []wayRow
	Flows         []wayFlow
	More          int // flows that there is no room for
	Notes         []string
}

// graphFigure is the graph, drawn for two widths, a drawing for each hop: so paper has
// places to break it.
type graphFigure struct{ Wide, Narrow []template.HTML }

// WriteMultipath writes the page of a search for all paths: what
// output.MultipathWriter.Start was given, and what multipath.Run returned, of which the
// result is not nil. As with Write, text from the network is escaped, and nothing is
// written if the page can't be made.
func WriteMultipath(w io.Writer, h output.MultipathHeader, r *multipath.Result, failed error) error {
	return execute(w, multipathPage, newMultipathView(h, r, failed))
}

func newMultipathView(h output.MultipathHeader, r *multipath.Result, failed error) *multipathView {
	started := r.Started
	if started.IsZero() {
		started = h.Started
	}
	v := &multipathView{
		Name: output.Safe(h.Target), Address: output.Plain(h.Address).String(),
		Started: started.UTC().Format("2006-01-02 15:04:05 UTC"), Reached: r.Reached(),
		Sure: r.Confidence >= r.Wanted-1e-9, Said: output.SayMultipath(h, r, failed),
		Notes: notes(h.Header),
	}
	if v.Name == v.Address || v.Name == "" {
		v.Name, v.Address = v.Address, ""
	}
	v.Facts = append(traceFacts(h.Header), fact{"Sent", output.Count(r.Spent, "probe") + " of " + output.Count(r.Flows, "flow")})
	times := timesAt(r)
	v.Graph = graphFigure{drawGraph(r, v.Said, desk), drawGraph(r, v.Said, phone)}
	v.Hops, v.Rows = wayHops(r, v.Said, times), wayRows(r, v.Said)
	v.Flows, v.More = wayFlows(r, v.Said)
	return v
}

// timesAt returns the round-trip times of each node, in the order of sending.
func timesAt(r *multipath.Result) [][]time.Duration {
	all := make([][]time.Duration, len(r.Nodes))
	for i, node := range r.At {
		if p := &r.Probes[i]; node >= 0 && p.Timing.Name != "" {
			all[node] = append(all[node], p.RTT)
		}
	}
	return all
}
