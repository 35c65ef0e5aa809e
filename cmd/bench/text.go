package bench

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// text is the result for people, written all at once.
type text struct{ bytes.Buffer }

// WriteText writes the result as tables. The error is one of w.
func (r *Result) WriteText(w io.Writer) error {
	t := &text{}
	for _, line := range r.Heading() {
		t.line("%s", line)
	}
	for _, h := range r.Path.Hops() {
		t.hop(r, h)
	}
	if r.Path.Hops() != nil {
		t.line("\nall hops; +: over the best source for the same probe")
		t.sources(&r.Path.Total.Sources, false)
		t.line("")
		t.divisions(r)
	}
	t.line("")
	for _, line := range r.Findings() {
		t.line("%s", line)
	}
	for _, line := range append([]string{r.Outcome()}, r.Remarks()...) {
		t.line("%s", line)
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *text) line(format string, args ...any) {
	t.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (t *text) hop(r *Result, h *stats.Hop) {
	if len(h.Responders) == 0 {
		t.line("\n%2d  *  %s", h.TTL, Fate(h))
	}
	for i, responder := range h.Responders {
		told := fmt.Sprintf("answered %d of them", responder.Answered)
		if i == 0 {
			told = Fate(h)
		}
		if i == 0 && len(h.Responders) > 1 {
			told += fmt.Sprintf(", %d by this address", responder.Answered)
		}
		t.line("\n%2d  %s  %s", h.TTL, r.Label(responder.Addr)+r.By(responder), told)
		t.sources(&responder.Sources, true)
	}
}

const sourceRow = "    %-11s %6v %9s %9s %9s %9s %9s  %9s %9s %9s"

// sources writes a line for each source. Over all hops there is no jitter.
func (t *text) sources(s *stats.Sources, jitter bool) {
	all := s.All()
	if len(all) == 0 {
		return
	}
	t.line(sourceRow, "source", "n", "p50", "p90", "p99", "max", "jitter", "+p50", "+p99", "+max")
	for _, src := range all {
		rtt, over := src.RTT.Summary(), src.Excess.Summary()
		cells := []any{src.Timing.Name, rtt.Count}
		for _, c := range []struct {
			n int64
			v string
		}{
			{rtt.Count, output.Duration(rtt.P50)}, {rtt.Count, output.Duration(rtt.P90)}, {rtt.Count, output.Duration(rtt.P99)},
			{rtt.Count, output.Duration(rtt.Max)}, {1, Jitter(src, jitter)},
			{over.Count, output.Duration(over.P50)}, {over.Count, output.Duration(over.P99)}, {over.Count, output.Duration(over.Max)},
		} {
			if c.n == 0 {
				c.v = "-"
			}
			cells = append(cells, c.v)
		}
		t.line(sourceRow, cells...)
	}
}

// Jitter writes a source's jitter, or that there is none to speak of.
func Jitter(s *stats.Source, wanted bool) string {
	if v, ok := s.Jitter.Value(); ok && wanted {
		return output.Duration(v)
	}
	return "-"
}
