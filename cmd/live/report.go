package live

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// Report is what the rounds of one way found out, to be written when they are over.
type Report struct {
	Header   output.Header // Names are shown if there are any
	Record   *rounds.Record
	Interval time.Duration
	Columns  []string // as in Config
	Verdicts map[int]Verdict
	// Interrupted says that somebody ended the rounds, Err what did.
	Interrupted bool
	Err         error
}

// Write writes the report as a table, as wide as it needs to be. The error is one of w.
func (r *Report) Write(w io.Writer) error {
	h := r.Header
	lines := []string{
		fmt.Sprintf("ebpftrace to %s, %s, timed by %s", output.TargetText(h), output.ProtocolText(h), output.TimedByText(h)),
	}
	t := r.table()
	lines = append(lines, fmt.Sprintf("from %s, %s, one every %v; times in %s", output.FromText(h), output.Count(r.Record.Rounds, "round"), r.Interval, t.unit.name))
	for _, note := range h.Notes {
		lines = append(lines, output.Safe(note))
	}
	for _, line := range t.lines() {
		lines = append(lines, ansi.Strip(line))
	}
	for _, c := range r.Record.Changes {
		lines = append(lines, changeText(unicodeGlyphs, c))
	}
	lines = append(lines, r.losses()...)
	lines = append(lines, r.outcome())
	lines = append(lines, output.Remarks(r.Record.Counters, r.Record.Tally)...)
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// reportWidth is more than any table needs.
const reportWidth = 1000

func (r *Report) table() *table {
	t := &table{glyphs: unicodeGlyphs, rows: tableRows(r.Record), names: r.Header.Names, origins: r.Header.Origins, verdicts: r.Verdicts, chosen: -1}
	t.unit = fit(typical(t.rows))
	t.layout(reportWidth, func(c column) bool {
		wanted := r.Columns == nil || slices.Contains(r.Columns, c.name)
		return wanted && c.name != "History" && told(c, r.Header.Origins, len(r.Verdicts) > 0)
	})
	return t
}

// losses says what the losses mean, hop by hop.
func (r *Report) losses() (lines []string) {
	for _, ttl := range slices.Sorted(maps.Keys(r.Verdicts)) {
		if text := r.Verdicts[ttl].Text; text != "" {
			lines = append(lines, output.Safe(text))
		}
	}
	return lines
}

// outcome says in one line whether the target answered, and what ended the rounds.
func (r *Report) outcome() string {
	text := "not reached"
	switch {
	case r.Record.Ever:
		text = "reached in " + output.Count(r.Record.Length, "hop")
	case r.Record.Refused != nil:
		text += ": " + output.Refusal(*r.Record.Refused)
	}
	text += ", " + output.Duration(r.Record.Trace().Elapsed)
	if r.Interrupted {
		text += ", interrupted"
	}
	if r.Err != nil {
		text += ": " + output.Safe(r.Err.Error())
	}
	return text
}
